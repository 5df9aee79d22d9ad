import Calendar
import Contracts
import Postgres

/// What part of the self-checks is wanted.
struct SelfCheckSelection: Sendable {
    var state: SelfCheckState?
    var period: SelfCheckPeriod?
    var canteen: CanteenID?
    var from: LocalDate
    var to: LocalDate

    /// On `self_check s`: periods that touch the days.
    var condition: SQL {
        var condition: SQL = "s.last_day >= \(from) AND s.first_day <= \(to)"
        if let state { condition = condition + " AND s.state = \(state)" }
        if let period { condition = condition + " AND s.period = \(period)" }
        if let canteen { condition = condition + " AND s.canteen_id = \(canteen)" }
        return condition
    }
}

/// A self-check with the names of its canteen and what its latest report says.
struct SelfCheckListing: Sendable {
    var check: SelfCheckRecord
    var canteenName: String
    var schoolName: String
    var noProblemFound: Bool?
    var qualityFlags: [String]

    @Sendable init(_ row: Row) throws {
        check = try SelfCheckRecord(row)
        canteenName = try row["canteen_name"]
        schoolName = try row["school_name"]
        noProblemFound = try row["no_problem_found"]
        let flags: [String]? = try row["quality_flags"]
        qualityFlags = flags ?? []
    }
}

extension PostgresExecutor {
    func selfChecks(
        visible: SQL, _ selection: SelfCheckSelection, limit: Int, offset: Int
    ) async throws -> [SelfCheckListing] {
        try await query(
            """
            SELECT \(SelfCheckRecord.columns), c.name AS canteen_name, c.school_name, r.no_problem_found, r.quality_flags
            FROM self_check s JOIN canteen c USING (canteen_id)
                LEFT JOIN self_check_report r ON r.canteen_id = s.canteen_id AND r.period = s.period
                    AND r.first_day = s.first_day AND r.version = s.version
            WHERE \(visible) AND \(selection.condition)
            ORDER BY s.first_day DESC, s.period, c.school_name, s.canteen_id LIMIT \(limit) OFFSET \(offset)
            """, SelfCheckListing.init)
    }

    func selfCheckCount(visible: SQL, _ selection: SelfCheckSelection) async throws -> Int {
        try await first(
            """
            SELECT count(*) AS n FROM self_check s JOIN canteen c USING (canteen_id)
            WHERE \(visible) AND \(selection.condition)
            """
        ) { try $0["n"] as Int } ?? 0
    }

    /// What waits for the school now: begun, not submitted; the most urgent first.
    func openSelfChecks(visible: SQL, today: LocalDate) async throws -> [SelfCheckListing] {
        try await query(
            """
            SELECT \(SelfCheckRecord.columns), c.name AS canteen_name, c.school_name, NULL::boolean AS no_problem_found,
                NULL::text[] AS quality_flags
            FROM self_check s JOIN canteen c USING (canteen_id)
            WHERE \(visible) AND s.state IN ('generated', 'in_progress') AND s.first_day <= \(today)
            ORDER BY s.due_by, s.canteen_id, s.period
            """, SelfCheckListing.init)
    }
}
