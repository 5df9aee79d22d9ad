import Calendar
import Contracts
import Postgres

/// A week that has been decided.
struct WeekRecord: Hashable, Sendable {
    enum Status: String, Hashable, Sendable {
        case satisfied, exempt, missed
    }

    var week: String
    var status: Status
    var required: Int
    var visited: Int?
    var patrolId: PatrolID?
    var reason: String?
    var madeUpBy: PatrolID?

    static let columns: SQL = "week, status, required, visited, patrol_id, reason, made_up_by"

    @Sendable init(_ row: Row) throws {
        week = try row["week"]
        status = try row["status"]
        required = try row["required"]
        visited = try row["visited"]
        patrolId = try row["patrol_id"]
        reason = try row["reason"]
        madeUpBy = try row["made_up_by"]
    }
}

extension PostgresExecutor {
    func week(_ week: Week, of organ: OrganID) async throws -> WeekRecord? {
        try await first(
            "SELECT \(WeekRecord.columns) FROM week_result WHERE organ_id = \(organ) AND week = \(week.isoLabel)",
            WeekRecord.init)
    }

    func weeks(of organ: OrganID, limit: Int) async throws -> [WeekRecord] {
        try await query(
            "SELECT \(WeekRecord.columns) FROM week_result WHERE organ_id = \(organ) ORDER BY week DESC LIMIT \(limit)",
            WeekRecord.init)
    }

    /// Starts of patrols of that week that are still in progress.
    func openPatrolStarts(of organ: OrganID, week: Week) async throws -> [Instant] {
        try await query(
            """
            SELECT started_at FROM patrol
            WHERE organ_id = \(organ) AND week = \(week.isoLabel) AND state = 'in_progress' AND started_at IS NOT NULL
            """
        ) { try $0["started_at"] as Instant }
    }
}

extension PostgresTransaction {
    /// Writes the decision once. False when the week had been decided before: then nothing changes.
    func decide(
        _ obligation: WeekObligation, organ: OrganID, status: WeekRecord.Status, visited: Int? = nil,
        patrol: PatrolID? = nil, reason: String? = nil, calendarVersion: String, at now: Instant
    ) async throws -> Bool {
        try await execute(
            """
            INSERT INTO week_result (organ_id, week, status, quota, operating, required, visited, patrol_id, reason, rule_set,
                calendar_version, decided_at)
            VALUES (\(organ), \(obligation.week.isoLabel), \(status), \(obligation.quota), \(obligation.operating),
                \(obligation.required), \(visited), \(patrol), \(reason), \(obligation.ruleSet), \(calendarVersion), \(now))
            ON CONFLICT (organ_id, week) DO NOTHING
            """) == 1
    }

    /// A missed week stays missed; the late patrol is noted beside it.
    func noteMadeUp(_ week: Week, organ: OrganID, patrol: PatrolID) async throws {
        try await execute(
            """
            UPDATE week_result SET made_up_by = \(patrol)
            WHERE organ_id = \(organ) AND week = \(week.isoLabel) AND status = 'missed' AND made_up_by IS NULL
            """)
    }
}
