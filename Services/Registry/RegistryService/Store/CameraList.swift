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
        var division: String?
        /// Part of a school's or camera's name, or of a GB/T 28181 id.
        var search: String?
    }

    struct Item: Sendable {
        let camera: Camera
        let schoolName: String
        let canteenName: String
        let divisionCode: String
    }

    let pool: PostgresPool

    static let listing = RegisterListing<Item>(
        columns: "\(CameraStore.columns), i.name AS school_name, c.name AS canteen_name, i.division_code",
        source: "\(CameraStore.source) JOIN institution i ON i.id = c.institution_id",
        order: ListOrder(keys: ["i.division_code", "i.name", "k.name", "k.id"].map { .init(expression: $0) })
    ) { row in
        Item(
            camera: try CameraStore.decode(row), schoolName: try row["school_name"],
            canteenName: try row["canteen_name"], divisionCode: try row["division_code"])
    }

    static func condition(_ filter: Filter, _ principal: Principal) -> SQL {
        var condition: SQL = "(\(RegisterScope.condition(principal)))"
        if let status = filter.status { condition += " AND k.status = \(status)" }
        if let gbId = filter.gbId { condition += " AND k.gb_id = \(gbId)" }
        if let canteen = filter.canteenId { condition += " AND k.canteen_id = \(canteen)" }
        if let division = filter.division { condition += " AND i.division_code = \(division)" }
        if let search = filter.search {
            let terms = ["i.name", "k.name", "k.gb_id"].map { SearchPattern.matches(SQL(trusted: $0), search) }
            condition += " AND (" + terms.joined(separator: " OR ") + ")"
        }
        return condition
    }

    func page(_ filter: Filter, for principal: Principal, _ request: PageRequest) async throws -> PageOf<Item> {
        try await Self.listing.page(
            Self.condition(filter, principal), by: Self.listing.order.sql, request, pool)
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
