import Contracts
import Postgres

/// A camera as this service knows it from the registry.
struct CameraRecord: Hashable, Sendable {
    var cameraId: CameraID
    var canteenId: CanteenID
    var name: String
    var zone: ZoneCode
    /// GB/T 28181 channel id: the folder of its stream.
    var gbId: String
    var status: CameraStatus

    static let columns: SQL = "camera_id, canteen_id, name, zone, gb_id, status"

    @Sendable init(_ row: Row) throws {
        cameraId = try row["camera_id"]
        canteenId = try row["canteen_id"]
        name = try row["name"]
        zone = try row["zone"]
        gbId = try row["gb_id"]
        status = try row["status"]
    }

    /// A picture can be expected.
    var delivers: Bool { status == .active || status == .degraded }
}

extension PostgresExecutor {
    func camera(_ id: CameraID) async throws -> CameraRecord? {
        try await first("SELECT \(CameraRecord.columns) FROM camera WHERE camera_id = \(id)", CameraRecord.init)
    }

    func cameras(of canteens: [CanteenID]) async throws -> [CameraRecord] {
        try await query(
            "SELECT \(CameraRecord.columns) FROM camera WHERE canteen_id = ANY(\(canteens)) ORDER BY zone, name, camera_id",
            CameraRecord.init)
    }
}
