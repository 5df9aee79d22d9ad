import Access
import Calendar
import Contracts
import Journal
import Postgres

/// What an organ decides about a problem beside accepting it: class, deadline, and the reasoned side exits (art 2, 7).
extension PatrolDesk {
    /// The deadlines count anew from the decision: a raised class must not be overdue the moment it is told.
    func changeSeverity(_ id: ProblemID, to severity: Int, reason: String?, by caller: Caller) async throws {
        try screenReason(reason)
        let now = clock.now()
        try await act(
            .changeSeverity(to: severity, reason: reason), on: id, caller, as: .acceptRectification, note: reason
        ) { _, transaction in
            let deadlines = try ProblemDeadlines(
                severity: severity, notifiedAt: now, rules: rules, calendar: calendar)
            try await transaction.execute(
                """
                UPDATE problem SET severity = \(severity), acknowledge_by = \(deadlines.acknowledgeBy),
                    rectify_by = \(deadlines.rectifyBy), deadline_provisional = \(deadlines.isProvisional),
                    overdue_at = NULL
                WHERE problem_id = \(id)
                """)
        }
    }

    /// Once, by the organ, to the end of the given day.
    func extendDeadline(_ id: ProblemID, to day: LocalDate, reason: String?, by caller: Caller) async throws {
        try screenReason(reason)
        try await act(.extend(reason: reason), on: id, caller, as: .acceptRectification, note: reason) {
            problem, transaction in
            let until = day.adding(days: 1).start - .microseconds(1)
            let latest = try calendar.deadline(
                from: LocalDate(max(problem.rectifyBy, clock.now())),
                workingDays: rules.longestExtensionWorkingDays)
            guard until > problem.rectifyBy, until > clock.now(), until < latest.end else {
                throw Refusal.input(
                    "extension_out_of_range", field: "until",
                    zh: "延长后的期限须晚于原期限，且最多延长 \(rules.longestExtensionWorkingDays) 个工作日（\(latest.date.iso) 之前）",
                    en: "The new day must be later than the present deadline and no later than \(latest.date.iso) "
                        + "(\(rules.longestExtensionWorkingDays) working days)")
            }
            try await transaction.execute(
                """
                UPDATE problem SET rectify_by = \(until), extended_at = \(clock.now()), overdue_at = NULL,
                    deadline_provisional = \(latest.isProvisional)
                WHERE problem_id = \(id)
                """)
        }
    }

    /// 立案查处. Every piece of evidence must have been reviewed; what supports the case is held from now on.
    func refer(_ id: ProblemID, reason: String?, by caller: Caller) async throws {
        try screenReason(reason)
        let now = clock.now()
        let evidence = try await pool.evidence(ofProblem: id).filter { $0.purpose == "finding" }.map(\.evidence)
        try await act(
            .refer(reason: reason, evidence: evidence.map(\.verdict)), on: id, caller, as: .acceptRectification,
            note: reason
        ) { _, transaction in
            for piece in evidence where piece.verdict == .admissible && !piece.isHeld {
                try await hold(
                    piece, reason: "立案移送 \(id)", caller.context, at: now, transaction)
            }
            try await end(id, .referredToCase, reason: reason, at: now, transaction)
        }
    }

    /// 误报, with the other finding where there is one.
    func markFalsePositive(
        _ id: ProblemID, reason: String?, linked: ProblemID?, by caller: Caller
    ) async throws {
        try screenReason(reason)
        let now = clock.now()
        try await act(.falsePositive(reason: reason), on: id, caller, as: .acceptRectification, note: reason) {
            problem, transaction in
            if let linked { _ = try await other(linked, beside: problem, mustBeOpen: false, transaction) }
            try await end(id, .falsePositive, reason: reason, linked: linked, at: now, transaction)
        }
    }

    /// 合并 into an open problem of the same canteen; its evidence goes along.
    func merge(_ id: ProblemID, into target: ProblemID, reason: String?, by caller: Caller) async throws {
        try screenReason(reason)
        let now = clock.now()
        try await act(.merge(reason: reason), on: id, caller, as: .acceptRectification, note: reason) {
            problem, transaction in
            _ = try await other(target, beside: problem, mustBeOpen: true, transaction)
            let known = Set(try await transaction.evidence(ofProblem: target).map(\.evidence.evidenceId))
            for piece in try await transaction.evidence(ofProblem: id)
            where piece.purpose == "finding" && !known.contains(piece.evidence.evidenceId) {
                try await transaction.attach(
                    piece.evidence.evidenceId, to: target, actor: caller.context.actor.rawValue, at: now)
            }
            try await end(id, .merged, reason: reason, linked: target, at: now, transaction)
        }
    }

    /// 撤销: the first call asks, the call of a second person does it.
    func withdraw(_ id: ProblemID, reason: String?, by caller: Caller) async throws {
        try screenReason(reason)
        let now = clock.now()
        try await act(.withdraw(reason: reason), on: id, caller, as: .acceptRectification, note: reason) {
            problem, transaction in
            if problem.withdrawalBy == nil {
                try await transaction.execute(
                    """
                    UPDATE problem SET withdrawal_by = \(caller.person), withdrawal_reason = \(reason),
                        withdrawal_at = \(now) WHERE problem_id = \(id)
                    """)
            } else {
                try await end(id, .withdrawn, reason: problem.withdrawalReason, at: now, transaction)
            }
        }
    }

    private func other(
        _ id: ProblemID, beside problem: ProblemRecord, mustBeOpen: Bool, _ transaction: PostgresTransaction
    ) async throws -> ProblemRecord {
        guard let other = try await transaction.lockProblem(id), other.canteenId == problem.canteenId,
            other.problemId != problem.problemId, other.state.isOpen || !mustBeOpen
        else {
            throw Refusal.input(
                "no_such_target", field: "problem_id", zh: "没有同一食堂的这个（未关闭）问题",
                en: "There is no such (open) problem of the same canteen")
        }
        return other
    }
}
