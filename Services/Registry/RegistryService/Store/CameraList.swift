import Access
import Contracts
import Postgres
import ServiceKit

/// Lists of cameras as one person may see them.
struct CameraList: Sendable {
    struct Filter: Sendable {
        var status: CameraStatus?
        var gbId: String?
        var canteenId: CanteenID?
    }

    struct Item: Sendable {
        let camera: Camera
        let schoolName: String
        let canteenName: String
        let divisionCode: String
    }

    let pool: PostgresPool

    func page(_ filter: Filter, for principal: Principal, _ request: PageRequest) async throws -> PageOf<Item> {
        var condition: SQL = "(\(RegisterScope.condition(principal)))"
        if let status = filter.status { condition += " AND k.status = \(status)" }
        if let gbId = filter.gbId { condition += " AND k.gb_id = \(gbId)" }
        if let canteen = filter.canteenId { condition += " AND k.canteen_id = \(canteen)" }
        let source: SQL = "\(CameraStore.source) JOIN institution i ON i.id = c.institution_id WHERE \(condition)"
        let total = try await pool.first("SELECT count(*) AS n \(source)") { row -> Int in try row["n"] }
        let items = try await pool.query(
            """
            SELECT \(CameraStore.columns), i.name AS school_name, c.name AS canteen_name, i.division_code \(source)
            ORDER BY i.division_code, i.name, k.name, k.id LIMIT \(request.size) OFFSET \(request.offset)
            """
        ) { row in
            Item(
                camera: try CameraStore.decode(row), schoolName: try row["school_name"],
                canteenName: try row["canteen_name"], divisionCode: try row["division_code"])
        }
        return PageOf(items, of: request, total: total ?? 0)
    }

    /// One camera, whoever asks: the caller decides with `AccessPolicy` about its canteen.
    func camera(_ id: CameraID) async throws -> Camera? {
        try await pool.first(
            "SELECT \(CameraStore.columns) \(CameraStore.source) WHERE k.id = \(id)", CameraStore.decode)
    }

    func cameras(of canteen: CanteenID) async throws -> [Camera] {
        try await pool.query(
            """
            SELECT \(CameraStore.columns) \(CameraStore.source) WHERE k.canteen_id = \(canteen)
            ORDER BY k.zone, k.name, k.id
            """, CameraStore.decode)
    }
}
