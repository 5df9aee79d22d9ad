import Calendar
import Contracts
import Postgres

/// What a list of items is asked for; in the order in which they became public.
struct ItemFilter: Sendable {
    enum State: String, CaseIterable, Sendable {
        case published, superseded, expired, withdrawn, any
    }

    var canteen: CanteenID?
    var category: DisclosureCategory?
    var division: Division?
    var state = State.published
    var validOn: LocalDate?

    static func count(_ filter: ItemFilter, _ database: some PostgresExecutor) async throws -> Int {
        try await database.first("SELECT count(*) AS n FROM item_head r WHERE \(filter.condition)") {
            try $0["n"] as Int
        } ?? 0
    }

    static func slice(
        _ filter: ItemFilter, after position: Int, limit: Int, _ database: some PostgresExecutor
    ) async throws -> [ItemRecord] {
        try await database.query(
            """
            SELECT \(ItemRecordStore.columns) FROM item_head r
            WHERE \(filter.condition) AND r.position > \(position) ORDER BY r.position LIMIT \(limit)
            """, ItemRecordStore.record)
    }

    private var condition: SQL {
        var conditions: [SQL] = ["r.position IS NOT NULL"]
        if let canteen { conditions.append("r.canteen_id = \(canteen)") }
        if let category { conditions.append("r.category = \(category)") }
        if let division {
            conditions.append("r.canteen_id IN (SELECT canteen_id FROM canteen WHERE division_code = \(division.code))")
        }
        if state != .any { conditions.append("r.state = \(state)") }
        if let validOn {
            conditions.append("r.valid_from <= \(validOn) AND (r.valid_to IS NULL OR r.valid_to >= \(validOn))")
        }
        return conditions.joined(separator: " AND ")
    }
}
