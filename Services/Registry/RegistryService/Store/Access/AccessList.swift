import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Canteens by the state of their connection, as one person may see them.
struct AccessList: Sendable {
    /// The questions that people ask.
    enum View: String, CaseIterable, Sendable {
        case all
        /// Deadline not passed, soonest first.
        case running
        /// Deadline by the end of this week.
        case thisWeek = "this_week"
        case overdue
        /// Only the officer's word is missing.
        case ready
        case connected
    }

    struct Filter: Sendable {
        var view = View.all
        var state: AccessState?
        var division: String?
        /// Part of a school's or canteen's name.
        var search: String?
    }

    let pool: PostgresPool

    static let listing = RegisterListing<AccessRecord>(
        columns: AccessStore.columns, source: "FROM canteen_access a",
        order: ListOrder(
            keys: ["a.division_code", "a.school_name", "a.canteen_name", "a.canteen_id"].map { .init(expression: $0) }),
        decode: AccessStore.decode)

    func page(
        _ filter: Filter, for principal: Principal, today: LocalDate, _ request: PageRequest
    ) async throws -> PageOf<AccessRecord> {
        let order: SQL =
            switch filter.view {
            case .running, .thisWeek, .overdue: "a.deadline, a.school_name, a.canteen_id"
            case .all, .ready, .connected: Self.listing.order.sql
            }
        return try await Self.listing.page(Self.condition(filter, principal, today), by: order, request, pool)
    }

    static func condition(_ filter: Filter, _ principal: Principal, _ today: LocalDate) -> SQL {
        "a.canteen_id IN (SELECT t.canteen_id FROM canteen_access t WHERE \(chosen(filter, principal, today)))"
    }

    private static func chosen(_ filter: Filter, _ principal: Principal, _ today: LocalDate) -> SQL {
        var condition: SQL = "(\(AccessScope.canteens(principal)))"
        switch filter.view {
        case .all: break
        case .running: condition += " AND t.clock = 'running'"
        case .thisWeek:
            condition +=
                " AND t.clock = 'running' AND t.deadline BETWEEN \(today) AND \(Week(containing: today).sunday)"
        case .overdue: condition += " AND t.clock = 'overdue'"
        case .ready:
            condition += " AND t.is_ready AND t.state IN ('planned', 'building', 'applied', 'testing')"
        case .connected: condition += " AND t.state = 'connected'"
        }
        if let state = filter.state { condition += " AND t.state = \(state)" }
        if let division = filter.division { condition += " AND t.division_code = \(division)" }
        if let search = filter.search {
            let terms = ["t.school_name", "t.canteen_name"].map { SearchPattern.matches(SQL(trusted: $0), search) }
            condition += " AND (" + terms.joined(separator: " OR ") + ")"
        }
        return condition
    }

    /// Names of the county regulators by division, for labels.
    func divisionNames() async throws -> [String: String] {
        let rows = try await pool.query(
            "SELECT division_code, name FROM organ WHERE department = 'market_supervision' AND level = 'county'"
        ) { row -> (String, String) in (try row["division_code"], try row["name"]) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    func organNames(_ ids: [String]) async throws -> [String: String] {
        let rows = try await pool.query("SELECT id, name FROM organ WHERE id = ANY(\(ids)::text[])") {
            row -> (String, String) in (try row["id"], try row["name"])
        }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }
}
