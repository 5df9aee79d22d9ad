import Calendar
import Contracts
import Postgres

/// What the monitor knows of a camera from the register.
struct MonitoredCamera: Sendable {
    var id: CameraID
    var canteenId: CanteenID
    var gbId: String
    var divisionCode: String
    var status: CameraStatus
    /// The canteen operates: faults of closed canteens are nobody's business.
    var isOperating: Bool

    static func all(_ database: some PostgresExecutor) async throws -> [MonitoredCamera] {
        try await database.query(
            """
            SELECT k.id, k.canteen_id, k.gb_id, i.division_code, k.status, c.operating
            FROM camera k JOIN canteen c ON c.id = k.canteen_id JOIN institution i ON i.id = c.institution_id
            """
        ) { row in
            MonitoredCamera(
                id: try row["id"], canteenId: try row["canteen_id"], gbId: try row["gb_id"],
                divisionCode: try row["division_code"], status: try row["status"], isOperating: try row["operating"])
        }
    }
}
