import Access
import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// What happens when something happened to a problem: the thread grows, both inboxes get a notice, webhooks are queued.
struct ProblemDesk: Sendable {
    let clock: any WallClock
    let bulletins: BulletinDesk
    let webhooks: WebhookOutbox

    /// Takes an event of a problem into its thread and tells the school and the enforcement organ (dual push).
    /// Duplicates have no second effect; order does not matter.
    func take<E: Event>(
        _ received: ReceivedEvent<E>, kind: NoticeKind, problem: ProblemID, canteen: CanteenID, school: SchoolID,
        organs: [OrganID] = [], _ transaction: PostgresTransaction
    ) async throws {
        let now = clock.now()
        let arrival = ThreadStore.Arrival(
            problemId: problem, canteenId: canteen, schoolId: school, kind: kind, eventId: received.id.rawValue,
            occurredAt: received.occurredAt)
        guard let thread = try await ThreadStore.append(arrival, facts: received.event, transaction) else { return }
        try await notify(received, kind, thread, now: now, transaction)
        let named = organs + [thread.enforcementOrganId, thread.findingOrganId].compactMap { $0 }
        try await webhooks.offer(
            received, problem: problem, canteen: canteen, organs: named, now: now, transaction)
    }

    /// The finding itself: the facts, the notices, and the bulletin to the supervising organ.
    func open(_ received: ReceivedEvent<ProblemFound>, _ transaction: PostgresTransaction) async throws {
        let problem = received.event
        try await take(
            received, kind: .problemFound, problem: problem.problemId, canteen: problem.canteenId,
            school: problem.schoolId, organs: [problem.organId, problem.enforcementOrganId].compactMap { $0 },
            transaction)
        try await ThreadStore.complete(problem, transaction)
        try await ThreadStore.applyLatestSeverity(problem.problemId, transaction)
        try await catchUp(received, transaction)
        try await bulletins.draft(received, transaction)
    }

    /// The deadline passed without a submission: told like every other fact, and a bulletin where a rule asks for one.
    func overdue(_ received: ReceivedEvent<ProblemOverdue>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        try await take(
            received, kind: .problemOverdue, problem: event.problemId, canteen: event.canteenId,
            school: event.schoolId, transaction)
        try await bulletins.draft(received, transaction)
    }

    /// Another class, other deadlines. The latest change counts, whenever the finding itself arrives.
    func changeSeverity(
        _ received: ReceivedEvent<ProblemSeverityChanged>, _ transaction: PostgresTransaction
    ) async throws {
        let event = received.event
        try await take(
            received, kind: .severityChanged, problem: event.problemId, canteen: event.canteenId,
            school: event.schoolId, transaction)
        try await ThreadStore.applyLatestSeverity(event.problemId, transaction)
    }

    private func notify<E: Event>(
        _ received: ReceivedEvent<E>, _ kind: NoticeKind, _ thread: ProblemThread, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        var recipients: [Recipient] = [.school(thread.schoolId)]
        // Who enforces is told by the finding; what came before it is made up for by `catchUp`.
        let finding = received.event as? ProblemFound
        if let organ = finding?.enforcementOrganId ?? thread.enforcementOrganId { recipients.append(.organ(organ)) }
        for recipient in recipients {
            try await InboxStore.deliver(
                InboxStore.Message(
                    kind: kind, eventId: received.id.rawValue, canteenId: thread.canteenId,
                    occurredAt: received.occurredAt, isOpen: thread.state.isOpen,
                    dueAt: InboxDeadline.due(
                        for: recipient, in: thread.state, acknowledgeBy: finding?.acknowledgeBy ?? thread.acknowledgeBy,
                        rectifyBy: finding?.rectifyBy ?? thread.rectifyBy)),
                about: .thread(thread.id), to: recipient, received.context, now: now, transaction)
        }
    }

    /// Entries that came before the finding reach the enforcement organ's inbox now that it is known.
    private func catchUp(
        _ received: ReceivedEvent<ProblemFound>, _ transaction: PostgresTransaction
    ) async throws {
        guard let organ = received.event.enforcementOrganId,
            let thread = try await ThreadStore.thread(problem: received.event.problemId, transaction)
        else { return }
        for entry in try await ThreadStore.timeline(of: thread.id, transaction)
        where entry.eventId != received.id.rawValue {
            let recipient = Recipient.organ(organ)
            try await InboxStore.deliver(
                InboxStore.Message(
                    kind: entry.kind, eventId: entry.eventId, canteenId: thread.canteenId,
                    occurredAt: entry.occurredAt, isOpen: thread.state.isOpen,
                    dueAt: InboxDeadline.due(
                        for: recipient, in: thread.state, acknowledgeBy: thread.acknowledgeBy,
                        rectifyBy: thread.rectifyBy)),
                about: .thread(thread.id), to: recipient, received.context, now: clock.now(), transaction)
        }
    }
}
