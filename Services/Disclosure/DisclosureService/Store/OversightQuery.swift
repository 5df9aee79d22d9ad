import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// What lies in an officer's area; lists are filtered here, each record is decided again when it is opened.
struct OversightQuery: Sendable {
    let principal: Principal

    /// Condition on `c` (canteen): the same area as the access policy's.
    private var area: SQL {
        switch principal.role {
        case .cityRegulator:
            "coalesce(c.city_organ_id = \(principal.organId), left(c.division_code, 4) = left(\(principal.divisionCode), 4))"
        case .countyRegulator:
            "coalesce(c.county_organ_id = \(principal.organId), c.division_code = \(principal.divisionCode))"
        case .stationOfficer: "c.station_organ_id = \(principal.organId)"
        case .auditor: "true"
        default: "false"
        }
    }

    func figures(_ database: some PostgresExecutor) async throws -> [DistrictFigures] {
        try await DistrictFigures.within(area, database)
    }

    /// Published items that end by that day, soonest first, and how many there are.
    func ending(
        until day: LocalDate, limit: Int, _ database: some PostgresExecutor
    ) async throws -> ([(ItemRecord, String)], Int) {
        let condition: SQL = """
            FROM item_head r JOIN canteen c ON c.canteen_id = r.canteen_id
            WHERE r.state = \(ItemState.published) AND r.valid_to <= \(day) AND r.category <> \(DisclosureCategory.d9)
                AND \(area)
            """
        let total = try await database.first("SELECT count(*) AS n \(condition)") { try $0["n"] as Int } ?? 0
        let rows = try await database.query(
            """
            SELECT \(ItemRecordStore.columns), c.school_name \(condition)
            ORDER BY r.valid_to, r.item_id LIMIT \(limit)
            """
        ) { row -> (ItemRecord, String) in (try ItemRecordStore.record(row), try row["school_name"]) }
        return (rows, total)
    }

    /// Ratings (D2) and checks (D8) that were entered but are not public yet, oldest first, and how many there are.
    func unpublished(
        limit: Int, _ database: some PostgresExecutor
    ) async throws -> ([(ItemHead, String)], Int) {
        let condition: SQL = """
            FROM item_head r JOIN canteen c ON c.canteen_id = r.canteen_id
            WHERE r.working_state IS NOT NULL
                AND r.category IN (\(DisclosureCategory.d2), \(DisclosureCategory.d8)) AND \(area)
            """
        let total = try await database.first("SELECT count(*) AS n \(condition)") { try $0["n"] as Int } ?? 0
        let rows = try await database.query(
            """
            SELECT \(ItemHead.columns), c.school_name \(condition)
            ORDER BY coalesce(r.working_content ->> 'result_on', r.working_content ->> 'assessed_on'), r.item_id
            LIMIT \(limit)
            """
        ) { row -> (ItemHead, String) in (try ItemHead.read(row), try row["school_name"]) }
        return (rows, total)
    }

    func pendingReplies(_ database: some PostgresExecutor) async throws -> [(Reply, String)] {
        try await database.query(
            """
            SELECT \(Reply.columns), c.school_name FROM reply p JOIN canteen c ON c.canteen_id = p.canteen_id
            WHERE p.state = 'pending' AND \(area) ORDER BY p.written_at, p.reply_id
            """
        ) { row in (try Reply(row), try row["school_name"]) }
    }

    func openAppeals(_ database: some PostgresExecutor) async throws -> [(Appeal, String, String?)] {
        try await database.query(
            """
            SELECT \(Appeal.columns), c.school_name, h.published_by
            FROM appeal a JOIN canteen c ON c.canteen_id = a.canteen_id JOIN item_head h ON h.item_id = a.item_id
            WHERE a.state = 'open' AND \(area) ORDER BY a.decide_by NULLS LAST, a.filed_at, a.appeal_id
            """
        ) { row in (try Appeal(row), try row["school_name"], try row["published_by"]) }
    }

    /// Fewest categories first.
    func canteens(
        _ page: PageRequest, _ database: some PostgresExecutor
    ) async throws -> ([CanteenRecord], Int) {
        let total =
            try await database.first("SELECT count(*) AS n FROM canteen c WHERE \(area)") { try $0["n"] as Int } ?? 0
        let rows = try await database.query(
            """
            SELECT \(CanteenRecord.columns) FROM canteen c WHERE \(area)
            ORDER BY cardinality(c.published_categories), c.school_name, c.canteen_id
            LIMIT \(page.size) OFFSET \(page.offset)
            """, CanteenRecord.init)
        return (rows, total)
    }
}
