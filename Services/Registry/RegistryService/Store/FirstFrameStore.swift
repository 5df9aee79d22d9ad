import Calendar
import Contracts
import Postgres

/// Captured first frames and what was decided about them.
enum FirstFrameStore {
    struct Frame: Sendable {
        let id: String
        let capturedAt: Instant
        let sha256: [UInt8]
        let decision: FirstFrameDecision?
        let reason: String?
        let decidedAt: Instant?
    }

    static func decode(_ row: Row) throws -> Frame {
        Frame(
            id: try row["id"], capturedAt: try row["captured_at"], sha256: try row["sha256"],
            decision: try row["decision"], reason: try row["reason"], decidedAt: try row["decided_at"])
    }

    private static let columns: SQL = "id, captured_at, sha256, decision, reason, decided_at"

    /// The frame that waits for a decision.
    static func waiting(_ camera: CameraID, _ executor: some PostgresExecutor) async throws -> Frame? {
        try await executor.first(
            "SELECT \(columns) FROM first_frame WHERE camera_id = \(camera) AND decision IS NULL", decode)
    }

    /// The newest frame, decided or not.
    static func latest(_ camera: CameraID, _ executor: some PostgresExecutor) async throws -> Frame? {
        try await executor.first(
            "SELECT \(columns) FROM first_frame WHERE camera_id = \(camera) ORDER BY captured_at DESC LIMIT 1", decode)
    }

    static func picture(_ frame: String, _ executor: some PostgresExecutor) async throws -> [UInt8]? {
        try await executor.first("SELECT jpeg FROM first_frame WHERE id = \(frame)") { try $0["jpeg"] }
    }

    /// Replaces the waiting frame, if there is one.
    static func replaceWaiting(
        _ camera: CameraID, id: String, jpeg: [UInt8], sha256: [UInt8], at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute("DELETE FROM first_frame WHERE camera_id = \(camera) AND decision IS NULL")
        try await transaction.execute(
            """
            INSERT INTO first_frame (id, camera_id, captured_at, sha256, jpeg)
            VALUES (\(id), \(camera), \(now), \(sha256), \(jpeg))
            """)
    }

    static func decide(
        _ frame: String, _ decision: FirstFrameDecision, reason: String?, by person: PersonID, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE first_frame SET decision = \(decision), reason = \(reason), decided_by = \(person),
                                   decided_at = \(now)
            WHERE id = \(frame)
            """)
    }
}
