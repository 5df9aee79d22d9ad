import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// Automatic bulletins: written down with the event that causes one, routed by the rules in force, issued as soon as
/// the receiver is known.
struct BulletinDesk: Sendable {
    let clock: any WallClock
    let issue: BulletinIssue

    init(clock: any WallClock, webhooks: WebhookOutbox) {
        self.clock = clock
        issue = BulletinIssue(clock: clock, webhooks: webhooks)
    }

    /// A finding, the first of its kind or a repetition.
    func draft(_ received: ReceivedEvent<ProblemFound>, _ transaction: PostgresTransaction) async throws {
        let problem = received.event
        let isNew = try await BulletinQueue.add(
            problem, cause: BulletinBasis.problem(problem).cause, canteen: problem.canteenId,
            school: problem.schoolId, problem: problem.problemId, evidence: problem.evidence,
            eventId: received.id.rawValue, now: clock.now(), transaction)
        guard isNew else { return }
        try await retry(canteen: problem.canteenId, received.context, transaction)
    }

    /// A problem that was not put right in time.
    func draft(_ received: ReceivedEvent<ProblemOverdue>, _ transaction: PostgresTransaction) async throws {
        let late = received.event
        let isNew = try await BulletinQueue.add(
            late, cause: .problemOverdue, canteen: late.canteenId, school: late.schoolId, problem: late.problemId,
            evidence: [], eventId: received.id.rawValue, now: clock.now(), transaction)
        guard isNew else { return }
        try await retry(canteen: late.canteenId, received.context, transaction)
    }

    /// A canteen that was not connected in time (art 5).
    func draft(_ received: ReceivedEvent<AccessOverdue>, _ transaction: PostgresTransaction) async throws {
        let overdue = received.event
        let isNew = try await BulletinQueue.add(
            overdue, cause: .notConnected, canteen: overdue.canteenId, school: overdue.schoolId, problem: nil,
            evidence: [], eventId: received.id.rawValue, now: clock.now(), transaction)
        guard isNew else { return }
        try await retry(canteen: overdue.canteenId, received.context, transaction)
    }

    /// The registry told about a canteen: its waiting bulletins are tried again.
    func retry(canteen: CanteenID, _ context: EventContext, _ transaction: PostgresTransaction) async throws {
        for waiting in try await BulletinQueue.waiting(canteen: canteen, transaction) {
            try await issue(waiting, context, transaction)
        }
    }

    /// The registry told about an organ: bulletins that may have waited for it are tried again.
    func retry(organ: Organ, _ context: EventContext, _ transaction: PostgresTransaction) async throws {
        for waiting in try await BulletinQueue.waiting(for: organ, transaction) {
            try await issue(waiting, context, transaction)
        }
    }

    private func issue(
        _ waiting: BulletinQueue.Waiting, _ context: EventContext, _ transaction: PostgresTransaction
    ) async throws {
        let basis = waiting.basis
        let knowledge = try await BulletinKnowledge.about(
            waiting.canteenId, finder: basis.findingOrganId, transaction)
        guard let canteen = knowledge.canteen else {
            try await BulletinQueue.keepWaiting(waiting.bulletinId, for: .canteenUnknown, transaction)
            return
        }
        let rules = try await BulletinRuleStore.current(transaction)
        guard let rule = rules.content.rule(for: basis.circumstances(canteen)), !rule.receivers.isEmpty else {
            try await notAsked(waiting.bulletinId, rules.version, context, transaction)
            return
        }
        let route = BulletinRouting.route(
            findingOrganId: basis.findingOrganId, knowledge: knowledge, to: rule.receivers, copies: rule.copies)
        switch route {
        case .wait(let reason):
            try await BulletinQueue.keepWaiting(waiting.bulletinId, for: reason, transaction)
        case .issue(let issuer, let mains, let copies):
            let document = BulletinDocument(
                bulletinId: waiting.bulletinId, issuer: issuer, mains: mains, copies: copies, cause: basis.cause,
                title: basis.title(canteen), urgency: rule.urgency, facts: basis.facts(canteen),
                requirement: basis.requirement, canteens: [canteen], problems: [basis.problemId].compactMap { $0 },
                finding: basis.problem, evidence: basis.problem?.evidence ?? [], dueAt: basis.dueAt,
                terms: rules.content.terms, trigger: basis.trigger, rule: "\(rules.version)/\(rule.id)")
            try await issue.perform(document, context, transaction)
        }
    }

    /// No rule asks for a bulletin about this: said in the journal, so that nobody need wonder.
    private func notAsked(
        _ id: BulletinID, _ version: Int, _ context: EventContext, _ transaction: PostgresTransaction
    ) async throws {
        try await BulletinQueue.drop(id, transaction)
        try await transaction.record(
            "brightkitchen.notification.bulletin.not-asked.v1", subject: id.rawValue,
            data: NotAsked(bulletinId: id, rules: version), context, occurredAt: clock.now())
    }

    private struct NotAsked: Encodable {
        let bulletinId: BulletinID
        let rules: Int
    }
}
