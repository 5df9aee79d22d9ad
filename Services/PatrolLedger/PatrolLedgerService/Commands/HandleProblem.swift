import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// A school's account of what it did (art 10).
struct RectificationEntry: Codable, Hashable, Sendable {
    var cause: String?
    var measure: String?
    var prevention: String?
}

extension PatrolDesk {
    /// The problem with its canteen, where the person may see it; else it does not exist.
    func visibleProblem(
        _ id: ProblemID, _ caller: Caller, _ executor: some PostgresExecutor
    ) async throws -> (problem: ProblemRecord, canteen: CanteenRecord) {
        guard let problem = try await executor.problem(id), let canteen = try await executor.canteen(problem.canteenId)
        else {
            throw Self.noProblem
        }
        let principal = caller.principal
        switch AccessPolicy().decide(principal, .seeProblem, on: canteen.resource, intent: .read) {
        case .denied: throw Self.roleRefused
        case .hidden: throw Self.noProblem
        case .allowed: break
        }
        // A school learns of a problem with its notice, not before.
        if principal.schoolId != nil && problem.state == .found { throw Self.noProblem }
        return (problem, canteen)
    }

    /// 403 unless the caller acts for the school of the canteen.
    func requireSchool(_ caller: Caller, _ canteen: CanteenRecord) throws {
        switch AccessPolicy().decide(caller.principal, .submitRectification, on: canteen.resource) {
        case .allowed: return
        case .denied: throw Self.roleRefused
        case .hidden: throw Self.noProblem
        }
    }

    func acknowledge(_ id: ProblemID, by caller: Caller) async throws {
        try await act(.acknowledge, on: id, caller, as: .submitRectification) { _, _ in }
    }

    func startRectification(_ id: ProblemID, by caller: Caller) async throws {
        try await act(.startRectification, on: id, caller, as: .submitRectification) { _, _ in }
    }

    /// The school goes on working at it (photographs were kept, the text is not complete yet).
    func keepRectifying(_ id: ProblemID, by caller: Caller) async throws {
        let (problem, _) = try await visibleProblem(id, caller, pool)
        if problem.state == .rectifying { return }
        try await startRectification(id, by: caller)
    }

    /// The school says the problem is fixed. Photographs uploaded since the last round become part of it.
    func submitRectification(_ entry: RectificationEntry, _ id: ProblemID, by caller: Caller) async throws {
        for (field, text) in [("cause", entry.cause), ("measure", entry.measure), ("prevention", entry.prevention)] {
            guard let text else { continue }
            guard text.count <= 2000 else {
                throw Refusal.input("too_long", field: field, zh: "不得超过 2000 字", en: "At most 2000 characters")
            }
            try PersonalDataScreen.check(field: field, text: text)
        }
        let command = ProblemCommand.submitRectification(
            cause: entry.cause, measure: entry.measure, prevention: entry.prevention)
        let now = clock.now()
        try await act(command, on: id, caller, as: .submitRectification) { problem, transaction in
            let photographs = try await transaction.waitingPhotographs(of: id)
            let round = (try await transaction.rectifications(of: id).last?.round ?? 0) + 1
            try await transaction.execute(
                """
                INSERT INTO rectification (problem_id, round, cause, measure, prevention, submitted_by, submitted_at)
                VALUES (\(id), \(round), \(entry.cause), \(entry.measure), \(entry.prevention), \(caller.person), \(now))
                """)
            try await transaction.execute("UPDATE problem SET rectified_by = \(caller.person) WHERE problem_id = \(id)")
            for photograph in photographs {
                try await transaction.attach(
                    photograph.evidenceId, to: id, purpose: "rectification", round: round,
                    actor: caller.context.actor.rawValue, at: now)
            }
        }
    }

    func returnRectification(_ id: ProblemID, reason: String?, by caller: Caller) async throws {
        if let reason {
            guard reason.count <= 1000 else {
                throw Refusal.input("too_long", field: "reason", zh: "不得超过 1000 字", en: "At most 1000 characters")
            }
            try PersonalDataScreen.check(field: "reason", text: reason)
        }
        let now = clock.now()
        try await act(
            .returnRectification(reason: reason), on: id, caller, as: .acceptRectification, note: reason
        ) { _, transaction in
            try await decideRound(id, "returned", reason, caller, now, transaction)
        }
    }

    /// Accepts and closes. 403 for the person who rectified and for every school.
    func accept(_ id: ProblemID, by caller: Caller) async throws {
        let now = clock.now()
        try await act(.accept, on: id, caller, as: .acceptRectification) { _, transaction in
            try await decideRound(id, "accepted", nil, caller, now, transaction)
            try await end(id, .rectified, at: now, transaction)
        }
    }

    private func decideRound(
        _ id: ProblemID, _ decision: String, _ reason: String?, _ caller: Caller, _ now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE rectification SET decision = \(decision), decided_by = \(caller.person), decided_at = \(now), reason = \(reason)
            WHERE problem_id = \(id) AND decision IS NULL
            """)
    }

    /// A second person of the school confirms what a self-check had found and the school has fixed.
    func confirmRectification(_ id: ProblemID, by caller: Caller) async throws {
        let now = clock.now()
        try await act(.confirm, on: id, caller, as: .submitRectification) { _, transaction in
            try await decideRound(id, "accepted", nil, caller, now, transaction)
            try await end(id, .rectified, at: now, transaction)
        }
    }

    /// Writes down how a problem ended.
    func end(
        _ id: ProblemID, _ outcome: ProblemOutcome, reason: String? = nil, linked: ProblemID? = nil, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE problem SET closed_at = \(now), outcome = \(outcome), end_reason = \(reason),
                linked_problem_id = \(linked)
            WHERE problem_id = \(id)
            """)
    }

    /// One command on one problem: sees it, may do it, is in a state that allows it; then the effect, the timeline and
    /// the events, in one transaction.
    func act(
        _ command: ProblemCommand, on id: ProblemID, _ caller: Caller, as action: Action, note: String? = nil,
        _ effect: @Sendable (ProblemRecord, PostgresTransaction) async throws -> Void
    ) async throws {
        let now = clock.now()
        try await inTransaction { transaction in
            guard let problem = try await transaction.lockProblem(id) else { throw Self.noProblem }
            let (_, canteen) = try await visibleProblem(id, caller, transaction)
            let actor = try await actor(caller, action, canteen, transaction)
            let steps = try problem.lifecycle.steps(for: command, by: actor, rules: rules)
            try await effect(problem, transaction)
            for step in steps {
                try await transaction.appendStep(
                    step, to: id, actor: caller.context.actor.rawValue, at: now,
                    note: step == .closed || step == .acknowledged ? nil : note)
            }
            if let state = steps.compactMap({ ProblemState(after: $0) }).last {
                try await transaction.execute(
                    """
                    UPDATE problem SET state = \(state),
                        acknowledged_at = CASE WHEN \(steps.contains(.acknowledged)) THEN \(now) ELSE acknowledged_at END
                    WHERE problem_id = \(id)
                    """)
            }
            guard let current = try await transaction.problem(id) else { throw Self.noProblem }
            var events = try await events(steps, current, before: problem, note: note, at: now, transaction)
            if steps.contains(.closed) {
                events += try await liftYellow(of: id, at: now, transaction).map { $0 as any Event }
            }
            try await transaction.publish(events, caller.context, occurredAt: now)
        }
    }

    /// In which capacity the caller acts. The role decides what may be tried at all, the life cycle decides the rest.
    private func actor(
        _ caller: Caller, _ action: Action, _ canteen: CanteenRecord, _ transaction: PostgresTransaction
    ) async throws -> ProblemActor {
        switch AccessPolicy().decide(caller.principal, action, on: canteen.resource) {
        case .denied: throw Self.roleRefused
        case .hidden: throw Self.noProblem
        case .allowed: break
        }
        if action == .submitRectification { return .school(caller.person) }
        return .organ(try await officer(caller, transaction).person)
    }

    static let noProblem = Refusal.notFound("没有这个问题", "There is no such problem")
}
