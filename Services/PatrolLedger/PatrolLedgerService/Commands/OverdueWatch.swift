import Calendar
import Contracts
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Writes down when a deadline passed and what that leads to. Safe to run in several processes: rows are locked.
struct OverdueWatch: Service {
    let desk: PatrolDesk
    let logger: Logger
    var interval: Duration = .seconds(60)

    func run() async throws {
        try await RepeatedWork("deadlines passed", every: interval, logger: logger) { try await look() }.run()
    }

    /// Returns how many problems became overdue or led to a warning.
    func look() async throws -> Int {
        let now = desk.clock.now()
        let due = try await desk.pool.query(
            """
            SELECT p.problem_id FROM problem p
            WHERE p.state IN ('notified', 'acknowledged', 'rectifying', 'returned') AND NOT p.deadline_provisional
                AND p.rectify_by < \(now)
                AND (p.overdue_at IS NULL OR p.severity = 1
                    AND NOT EXISTS (SELECT FROM warning w WHERE w.problem_id = p.problem_id))
            ORDER BY p.rectify_by, p.problem_id
            """
        ) { try $0["problem_id"] as ProblemID }
        var count = 0
        for id in due where try await decide(id, now) { count += 1 }
        return count
    }

    private func decide(_ id: ProblemID, _ now: Instant) async throws -> Bool {
        try await desk.pool.transaction { transaction in
            guard let problem = try await transaction.lockProblem(id), problem.isOverdue(at: now) else { return false }
            let context = EventContext(actor: .system("patrol-ledger"), correlationId: UUIDv7.string())
            var events: [any Event] = []
            if problem.overdueAt == nil {
                try await transaction.execute("UPDATE problem SET overdue_at = \(now) WHERE problem_id = \(id)")
                try await transaction.appendStep(.overdue, to: id, actor: context.actor.rawValue, at: now)
                events.append(
                    ProblemOverdue(
                        problemId: id, canteenId: problem.canteenId, schoolId: problem.schoolId,
                        severity: problem.severity, rectifyBy: problem.rectifyBy, overdueAt: now))
            }
            events += try await warnings(for: problem, now, transaction).map { $0 as any Event }
            try await transaction.publish(events, context, occurredAt: now)
            return !events.isEmpty
        }
    }

    private func warnings(
        for problem: ProblemRecord, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws -> [WarningIssued] {
        guard try await transaction.warnings(ofProblem: problem.problemId).isEmpty else { return [] }
        let earlier = try await transaction.query(
            """
            SELECT issued_at FROM warning WHERE canteen_id = \(problem.canteenId) AND level = 'yellow'
            """
        ) { try $0["issued_at"] as Instant }
        let step = OverdueLadder.step(
            severity: problem.severity, rectifyBy: problem.rectifyBy, earlierYellows: earlier, now: now,
            rules: desk.rules)
        var issued: [WarningIssued] = []
        func issue(_ level: WarningRecord.Level, _ rule: String) {
            issued.append(
                WarningIssued(
                    warningId: .new(), canteenId: problem.canteenId, schoolId: problem.schoolId,
                    level: level.rawValue, problemId: problem.problemId, rule: rule, issuedAt: now))
        }
        if step != .nothing { issue(.yellow, "class_1_overdue") }
        if step == .yellowAndRed { issue(.red, "second_yellow") }
        for warning in issued {
            try await transaction.execute(
                """
                INSERT INTO warning (warning_id, canteen_id, school_id, problem_id, level, rule, issued_at)
                VALUES (\(warning.warningId), \(warning.canteenId), \(warning.schoolId), \(warning.problemId),
                    \(warning.level), \(warning.rule), \(now))
                """)
        }
        return issued
    }
}
