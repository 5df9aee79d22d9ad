import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Planned outages as one person may see them.
struct OutageList: Sendable {
    struct Item: Sendable {
        let outage: OutageStore.Outage
        let school: String
        let canteen: String
        let camera: String?
    }

    /// So many canteens are offered in one list; one more tells that there are more.
    static let maximumChoices = 200

    let pool: PostgresPool

    private static let source: SQL = """
        FROM planned_outage o JOIN canteen c ON c.id = o.canteen_id JOIN institution i ON i.id = c.institution_id
        LEFT JOIN camera k ON k.id = o.camera_id
        """

    private static func decode(_ row: Row) throws -> Item {
        Item(
            outage: try OutageStore.decode(row), school: try row["school_name"], canteen: try row["canteen_name"],
            camera: try row["camera_name"])
    }

    private static let columns: SQL = """
        \(OutageStore.columns), i.name AS school_name, c.name AS canteen_name, k.name AS camera_name
        """

    static let listing = RegisterListing<Item>(
        columns: columns, source: source,
        order: ListOrder(
            keys: [.init(expression: "o.from_at", type: "timestamptz"), .init(expression: "o.id")],
            isDescending: true),
        decode: decode)

    static func condition(_ state: OutageStore.State?, _ principal: Principal) -> SQL {
        let reached: SQL = "(\(RegisterScope.condition(principal)))"
        guard let state else { return reached }
        return "\(reached) AND o.state = \(state)"
    }

    /// Those that are not over first, then the others, newest first.
    func page(
        _ state: OutageStore.State?, for principal: Principal, now: Instant, _ request: PageRequest
    ) async throws -> PageOf<Item> {
        try await Self.listing.page(
            Self.condition(state, principal), by: "o.to_at <= \(now), o.from_at DESC, o.id", request, pool)
    }

    func outage(_ id: String) async throws -> Item? {
        try await pool.first("SELECT \(Self.columns) \(Self.source) WHERE o.id = \(id)", Self.decode)
    }

    /// Canteens that the person may enter an outage for.
    func canteens(
        for principal: Principal, search: String?
    ) async throws -> [(id: CanteenID, name: String)] {
        var condition: SQL = "(\(RegisterScope.condition(principal)))"
        if let search {
            let pattern =
                "%" + search.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
            condition += " AND i.name ILIKE \(pattern)"
        }
        return try await pool.query(
            """
            SELECT c.id, i.name || ' · ' || c.name AS name
            FROM canteen c JOIN institution i ON i.id = c.institution_id
            WHERE \(condition) ORDER BY i.name, c.name, c.id LIMIT \(Self.maximumChoices + 1)
            """
        ) { (try $0["id"], try $0["name"]) }
    }
}
