import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// The list of canteens as one person may see it.
struct CanteenList: Sendable {
    struct Filter: Sendable {
        /// Part of a school's or canteen's name, or of a licence number.
        var search: String?
        var division: String?
        var operating: Bool?
    }

    struct Item: Sendable {
        let canteen: Canteen
        let cameras: Int
        let activeCameras: Int
    }

    let pool: PostgresPool

    static let listing = RegisterListing<Item>(
        columns: """
            \(CanteenStore.columns),
            (SELECT count(*) FROM camera k WHERE k.canteen_id = c.id) AS cameras,
            (SELECT count(*) FROM camera k WHERE k.canteen_id = c.id AND k.status = 'active') AS active_cameras
            """,
        source: CanteenStore.source,
        order: ListOrder(keys: ["i.division_code", "i.name", "c.name", "c.id"].map { .init(expression: $0) })
    ) { row in
        Item(
            canteen: try CanteenStore.decode(row), cameras: try row["cameras"],
            activeCameras: try row["active_cameras"])
    }

    func page(_ filter: Filter, for principal: Principal, _ request: PageRequest) async throws -> PageOf<Item> {
        try await Self.listing.page(
            Self.condition(filter, principal), by: Self.listing.order.sql, request, pool)
    }

    static func condition(_ filter: Filter, _ principal: Principal) -> SQL {
        var condition: SQL = "(\(RegisterScope.condition(principal)))"
        if let division = filter.division { condition += " AND i.division_code = \(division)" }
        if let operating = filter.operating { condition += " AND c.operating = \(operating)" }
        if let search = filter.search {
            let terms = ["i.name", "c.name", "c.licence_number"].map { SearchPattern.matches(SQL(trusted: $0), search) }
            condition += " AND (" + terms.joined(separator: " OR ") + ")"
        }
        return condition
    }

    /// One canteen, whoever asks: the caller decides with `AccessPolicy`.
    func canteen(_ id: CanteenID) async throws -> Canteen? {
        try await pool.first(
            "SELECT \(CanteenStore.columns) \(CanteenStore.source) WHERE c.id = \(id)", CanteenStore.decode)
    }

    /// The caterer's institution behind the licence that the canteen names, with the days of their latest contract that
    /// has begun.
    func caterer(of canteen: Canteen) async throws -> CatererRelation? {
        guard let licence = canteen.catererLicence else { return nil }
        return try await pool.first(
            """
            SELECT i.id AS institution_id, i.name AS institution_name, c.id, x.starts_on, x.last_day
            \(CanteenStore.source) LEFT JOIN LATERAL (
                SELECT t.starts_on, coalesce(t.ended_on, t.ends_on) AS last_day FROM contract t
                WHERE t.canteen_id = \(canteen.id) AND t.caterer_canteen_id = c.id AND t.state <> 'planned'
                ORDER BY t.starts_on DESC, t.id LIMIT 1) x ON true
            WHERE c.licence_number = \(licence) AND i.school_type = \(SchoolType.caterer)
            """
        ) { row in
            let first: LocalDate? = try row["starts_on"]
            let last: LocalDate? = try row["last_day"]
            return CatererRelation(
                id: try row["institution_id"], name: try row["institution_name"], canteen: try row["id"],
                days: first.map { ContractDays(first: $0, last: last) })
        }
    }

    func divisions(for principal: Principal) async throws -> [(code: String, name: String)] {
        try await pool.query(
            """
            SELECT o.division_code, o.name FROM organ o
            WHERE o.department = 'market_supervision' AND o.level = 'county' AND o.division_code IN
                (SELECT i.division_code \(CanteenStore.source) WHERE \(RegisterScope.condition(principal)))
            ORDER BY o.division_code
            """
        ) { (try $0["division_code"], try $0["name"]) }
    }

    func organNames(_ ids: [OrganID?]) async throws -> [OrganID: String] {
        let rows = try await pool.query(
            "SELECT id, name FROM organ WHERE id = ANY(\(ids.compactMap { $0 })::text[])"
        ) { row -> (OrganID, String) in (try row["id"], try row["name"]) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }
}
