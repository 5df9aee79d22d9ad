import Contracts
import Postgres

/// Where a camera's alert happened.
struct AlertPlace: Sendable {
    var cameraId: CameraID
    var zone: ZoneCode
    var canteen: CanteenRecord
}

extension PostgresExecutor {
    func alertPlace(gbId: String) async throws -> AlertPlace? {
        try await first(
            """
            SELECT m.camera_id, m.zone, \(CanteenRecord.columns)
            FROM camera m JOIN canteen c ON c.canteen_id = m.canteen_id WHERE m.gb_id = \(gbId)
            ORDER BY m.camera_id LIMIT 1
            """
        ) { row in
            AlertPlace(cameraId: try row["camera_id"], zone: try row["zone"], canteen: try CanteenRecord(row))
        }
    }

    /// A sensor is named by the canteen's licence.
    func canteen(licence: String) async throws -> CanteenRecord? {
        try await first(
            """
            SELECT \(CanteenRecord.columns) FROM canteen c WHERE c.licence_number = \(licence)
            ORDER BY c.canteen_id LIMIT 1
            """, CanteenRecord.init)
    }
}
