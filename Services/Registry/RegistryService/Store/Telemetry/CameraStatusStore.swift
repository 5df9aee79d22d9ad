import Calendar
import Contracts
import Journal
import Postgres

/// What telemetry says of cameras, written to the register.
enum CameraStatusStore {
    struct Wish: Hashable, Sendable {
        let camera: CameraID
        let status: CameraStatus
    }

    /// Sets what differs and publishes it. A camera that waits for a person's check keeps waiting: telemetry never
    /// activates one. Gives the state of each camera afterwards.
    static func apply(
        _ wishes: [Wish], _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> [CameraID: CameraStatus] {
        guard !wishes.isEmpty else { return [:] }
        let wanted = Dictionary(wishes.map { ($0.camera, $0.status) }) { $1 }
        let cameras = try await transaction.query(
            """
            SELECT \(CameraStore.columns) \(CameraStore.source) WHERE k.id = ANY(\(wishes.map(\.camera))::text[])
            ORDER BY k.id FOR UPDATE OF k
            """, CameraStore.decode)
        var changed: [Camera] = []
        var statuses: [CameraID: CameraStatus] = [:]
        for var camera in cameras {
            if camera.status != .pending, let status = wanted[camera.id], status != camera.status {
                camera.status = status
                changed.append(camera)
            }
            statuses[camera.id] = camera.status
        }
        try await CameraStore.save(changed, transaction)
        try await transaction.publish(changed.map(\.statusChanged), context, occurredAt: now)
        return statuses
    }
}
