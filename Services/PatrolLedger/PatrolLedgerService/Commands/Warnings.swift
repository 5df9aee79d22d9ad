import Access
import Calendar
import Contracts
import Journal
import Postgres

extension PatrolDesk {
    /// A yellow warning ends with its problem; a red one only by decision.
    func liftYellow(
        of problem: ProblemID, at now: Instant, _ transaction: PostgresTransaction
    ) async throws -> [WarningLifted] {
        let reason = "问题已关闭"
        let lifted = try await transaction.query(
            """
            UPDATE warning w SET lifted_at = \(now), lifted_by = 'system:patrol-ledger', lift_reason = \(reason)
            WHERE problem_id = \(problem) AND level = 'yellow' AND lifted_at IS NULL
            RETURNING \(WarningRecord.columns)
            """, WarningRecord.init)
        return lifted.map {
            WarningLifted(
                warningId: $0.warningId, canteenId: $0.canteenId, schoolId: $0.schoolId, level: $0.level.rawValue,
                reason: reason, liftedAt: now)
        }
    }

    /// Lifts a warning by decision of the organ, once its problem has ended.
    func liftWarning(_ id: WarningID, reason: String?, by caller: Caller) async throws {
        try screenReason(reason)
        let now = clock.now()
        try await inTransaction { transaction in
            let found = try await transaction.first(
                "SELECT \(WarningRecord.columns) FROM warning w WHERE w.warning_id = \(id) FOR UPDATE",
                WarningRecord.init)
            guard let warning = found else { throw Self.noWarning }
            let (problem, canteen) = try await visibleProblem(warning.problemId, caller, transaction)
            guard AccessPolicy().decide(caller.principal, .acceptRectification, on: canteen.resource) == .allowed
            else { throw Self.roleRefused }
            _ = try await officer(caller, transaction)
            guard warning.liftedAt == nil else {
                throw Refusal.conflict("already_lifted", zh: "该警示已解除", en: "The warning is lifted already")
            }
            guard !problem.state.isOpen else {
                throw Refusal.conflict(
                    "problem_open", zh: "问题尚未关闭，不能解除警示", en: "The problem is still open: the warning stays")
            }
            guard let reason, !reason.trimmingWhitespace.isEmpty else {
                throw Refusal.input("reason_required", field: "reason", zh: "请说明解除原因", en: "Say why it is lifted")
            }
            try await transaction.execute(
                """
                UPDATE warning SET lifted_at = \(now), lifted_by = \(caller.context.actor.rawValue),
                    lift_reason = \(reason) WHERE warning_id = \(id)
                """)
            try await transaction.publish(
                WarningLifted(
                    warningId: id, canteenId: warning.canteenId, schoolId: warning.schoolId,
                    level: warning.level.rawValue, reason: reason, liftedAt: now),
                caller.context, occurredAt: now)
        }
    }

    static let noWarning = Refusal.notFound("没有这个警示", "There is no such warning")
}
