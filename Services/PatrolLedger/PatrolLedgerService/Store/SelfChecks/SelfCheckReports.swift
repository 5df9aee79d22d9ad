import Contracts
import Postgres

/// An open problem that the school itself found.
struct SelfFoundProblem: Hashable, Sendable {
    var problemId: ProblemID
    var severity: Int
}

extension PostgresTransaction {
    /// What is found again while it is still open is the same problem, not a new one.
    func openSelfFound(_ canteen: CanteenID, item: String) async throws -> SelfFoundProblem? {
        try await first(
            """
            SELECT problem_id, severity FROM problem WHERE canteen_id = \(canteen) AND item_code = \(item)
                AND origin = 'self_check' AND state <> 'closed' ORDER BY found_at DESC LIMIT 1
            """
        ) { SelfFoundProblem(problemId: try $0["problem_id"], severity: try $0["severity"]) }
    }

    func insertSelfCheckReport(
        _ event: SelfCheckSubmitted, content: [UInt8], fingerprint: String
    ) async throws {
        try await execute(
            """
            INSERT INTO self_check_report (canteen_id, period, first_day, version, submitted_by, role, submitted_at,
                entered_at, late, no_problem_found, content, fingerprint, identical_run, quality_flags, missing_reports,
                problem_ids)
            VALUES (\(event.canteenId), \(event.period), \(event.firstDay), \(event.version), \(event.submittedBy),
                \(event.role), \(event.submittedAt), \(event.enteredAt), \(event.late), \(event.noProblemFound), \(content),
                \(fingerprint), \(event.identicalRun), \(event.qualityFlags), \(event.missingReports),
                \(event.findings.map(\.problemId)))
            """)
    }

    /// A report in time does the task; what was missed stays missed, the late report is noted beside it.
    func noteSelfCheckReport(_ event: SelfCheckSubmitted, _ key: SelfCheckKey) async throws {
        try await execute(
            """
            UPDATE self_check s SET version = \(event.version), draft = NULL, reviewed_by = NULL, reviewed_at = NULL,
                review_note = NULL,
                late = coalesce(s.late, \(event.late)),
                state = CASE WHEN s.state = 'missed' THEN 'missed'
                    WHEN s.version = 0 AND \(event.late) AND NOT s.offered AND NOT s.provisional THEN 'missed'
                    ELSE 'submitted' END,
                made_up_at = CASE WHEN s.made_up_at IS NULL AND s.version = 0 AND \(event.late)
                    AND NOT s.offered AND NOT s.provisional THEN \(event.submittedAt) ELSE s.made_up_at END
            WHERE \(SelfCheckRecord.condition(key))
            """)
    }
}
