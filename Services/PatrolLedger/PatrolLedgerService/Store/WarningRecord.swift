import Calendar
import Contracts
import Postgres

/// A step of the overdue ladder (黄牌、红牌).
struct WarningRecord: Codable, Hashable, Sendable {
    enum Level: String, Codable, Hashable, CaseIterable, Sendable {
        case yellow, red
    }

    var warningId: WarningID
    var canteenId: CanteenID
    var schoolId: SchoolID
    var problemId: ProblemID
    var level: Level
    /// class_1_overdue or second_yellow.
    var rule: String
    var issuedAt: Instant
    var liftedAt: Instant?
    var liftReason: String?

    static let columns: SQL = """
        w.warning_id, w.canteen_id, w.school_id, w.problem_id, w.level, w.rule, w.issued_at, w.lifted_at, w.lift_reason
        """

    @Sendable init(_ row: Row) throws {
        warningId = try row["warning_id"]
        canteenId = try row["canteen_id"]
        schoolId = try row["school_id"]
        problemId = try row["problem_id"]
        level = try row["level"]
        rule = try row["rule"]
        issuedAt = try row["issued_at"]
        liftedAt = try row["lifted_at"]
        liftReason = try row["lift_reason"]
    }
}

extension PostgresExecutor {
    func warnings(ofProblem problem: ProblemID) async throws -> [WarningRecord] {
        try await query(
            "SELECT \(WarningRecord.columns) FROM warning w WHERE w.problem_id = \(problem) ORDER BY w.issued_at, w.level",
            WarningRecord.init)
    }

    func warnings(visible: SQL, limit: Int, offset: Int) async throws -> [(warning: WarningRecord, school: String)] {
        try await query(
            """
            SELECT \(WarningRecord.columns), c.school_name FROM warning w JOIN canteen c USING (canteen_id)
            JOIN problem p ON p.problem_id = w.problem_id
            WHERE \(visible) ORDER BY (w.lifted_at IS NULL) DESC, w.issued_at DESC, w.warning_id
            LIMIT \(limit) OFFSET \(offset)
            """
        ) { (warning: try WarningRecord($0), school: try $0["school_name"] as String) }
    }

    func warningCount(visible: SQL) async throws -> Int {
        try await first(
            """
            SELECT count(*) AS n FROM warning w JOIN canteen c USING (canteen_id)
            JOIN problem p ON p.problem_id = w.problem_id WHERE \(visible)
            """
        ) { try $0["n"] as Int } ?? 0
    }
}
