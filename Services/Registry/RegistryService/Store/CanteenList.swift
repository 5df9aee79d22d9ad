import Access
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

    func page(_ filter: Filter, for principal: Principal, _ request: PageRequest) async throws -> PageOf<Item> {
        let condition = Self.condition(filter, principal)
        let total = try await pool.first("SELECT count(*) AS n \(CanteenStore.source) WHERE \(condition)") {
            row -> Int in
            try row["n"]
        }
        let items = try await pool.query(
            """
            SELECT \(CanteenStore.columns),
                   (SELECT count(*) FROM camera k WHERE k.canteen_id = c.id) AS cameras,
                   (SELECT count(*) FROM camera k WHERE k.canteen_id = c.id AND k.status = 'active') AS active_cameras
            \(CanteenStore.source) WHERE \(condition)
            ORDER BY i.division_code, i.name, c.name, c.id LIMIT \(request.size) OFFSET \(request.offset)
            """
        ) { row in
            Item(
                canteen: try CanteenStore.decode(row), cameras: try row["cameras"],
                activeCameras: try row["active_cameras"])
        }
        return PageOf(items, of: request, total: total ?? 0)
    }

    private static func condition(_ filter: Filter, _ principal: Principal) -> SQL {
        var condition: SQL = "(\(RegisterScope.condition(principal)))"
        if let division = filter.division { condition += " AND i.division_code = \(division)" }
        if let operating = filter.operating { condition += " AND c.operating = \(operating)" }
        if let search = filter.search {
            let pattern =
                "%" + search.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
            condition +=
                " AND (i.name ILIKE \(pattern) OR c.name ILIKE \(pattern) OR c.licence_number ILIKE \(pattern))"
        }
        return condition
    }

    /// One canteen, whoever asks: the caller decides with `AccessPolicy`.
    func canteen(_ id: CanteenID) async throws -> Canteen? {
        try await pool.first(
            "SELECT \(CanteenStore.columns) \(CanteenStore.source) WHERE c.id = \(id)", CanteenStore.decode)
    }

    /// The caterer's institution behind a licence number.
    func caterer(licence: String?) async throws -> (id: SchoolID, name: String, canteen: CanteenID)? {
        guard let licence else { return nil }
        return try await pool.first(
            """
            SELECT i.id AS institution_id, i.name AS institution_name, c.id \(CanteenStore.source)
            WHERE c.licence_number = \(licence) AND i.school_type = \(SchoolType.caterer)
            """
        ) { (try $0["institution_id"], try $0["institution_name"], try $0["id"]) }
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
