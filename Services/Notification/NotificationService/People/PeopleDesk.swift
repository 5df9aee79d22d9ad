import Calendar
import Contracts
import Journal
import Postgres

/// Decides who is told outside the inbox, and when: fans notices out to contacts, climbs the ladder where nobody
/// acknowledges, and asks for the daily digest.
struct PeopleDesk: Sendable {
    static let digestKind = "digest"

    let pool: PostgresPool
    let timing: MessageTiming
    let ladder: EscalationLadder
    /// Minutes after midnight at which digests go out.
    let digestMinute: Int

    /// Queues a message for every usable contact of everybody who reads the inbox. The number of notices taken.
    @discardableResult
    func fanOut(now: Instant) async throws -> Int {
        try await pool.transaction { transaction in
            let notices = try await PersonMessageStore.claimNotices(now: now, transaction)
            for notice in notices {
                guard let recipient = notice.recipient else { continue }
                let contacts = try await ContactStore.readers(of: recipient, on: LocalDate(now), transaction)
                for contact in contacts { try await queue(notice, to: contact, recipient, now: now, transaction) }
            }
            return notices.count
        }
    }

    private func queue(
        _ notice: PersonMessageStore.NewNotice, to contact: Contact, _ recipient: Recipient, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        let isUrgent = notice.severity == 1 || notice.kind == .reminder || notice.kind == .escalated
        guard isUrgent || contact.mode == .all else { return }
        let last = try await PersonMessageStore.last(contact.contactId, about: notice.itemId, transaction)
        try await PersonMessageStore.queue(
            notice, to: contact, recipient: recipient, isUrgent: isUrgent,
            due: timing.due(now: now, isUrgent: isUrgent, lastAboutTheMatter: last), now: now, transaction)
    }

    /// Takes the steps that are due. The number of steps.
    @discardableResult
    func escalate(now: Instant) async throws -> Int {
        let shortest = (ladder.classOne + ladder.classTwo).min() ?? .zero
        return try await pool.transaction { transaction in
            var steps = 0
            for silent in try await EscalationStore.silent(before: now - shortest, transaction) {
                let due = ladder.steps(severity: silent.severity, silentFor: now - silent.since)
                guard let next = due.first(where: { $0 > silent.taken }) else { continue }
                try await take(next, silent, now: now, transaction)
                steps += 1
            }
            return steps
        }
    }

    private func take(
        _ step: Int, _ silent: EscalationStore.Silent, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await EscalationStore.take(step, of: silent.itemId, now: now, transaction)
        guard let recipient = silent.recipient else { return }
        // The last step tells the organ above; where there is none, the silent one is reminded once more.
        let above: Recipient? =
            step >= 2 ? silent.above.map { .organ($0) }.flatMap { $0 == recipient ? nil : $0 } : nil
        let told = above ?? recipient
        let eventId = "escalation-\(silent.itemId)-\(step)"
        let context = EventContext(actor: .system("notification"), correlationId: eventId)
        try await InboxStore.deliver(
            InboxStore.Message(
                kind: above == nil ? .reminder : .escalated, eventId: eventId, canteenId: silent.canteenId,
                occurredAt: now, isOpen: true, dueAt: silent.dueAt),
            about: .thread(silent.threadId), to: told, context, now: now, transaction)
        guard let notice = try await EscalationStore.notice(about: eventId, of: told, transaction) else { return }
        try await transaction.publish(
            NoticeEscalated(
                noticeId: notice, canteenId: silent.canteenId, silentOrganId: recipient.organId,
                silentSchoolId: recipient.schoolId, escalatedToOrganId: above?.organId, step: step, escalatedAt: now),
            context, occurredAt: now)
    }

    /// Queues today's digest where its time has come and something is unread or open. The number of digests.
    @discardableResult
    func digest(now: Instant) async throws -> Int {
        let today = LocalDate(now)
        guard now >= today.start + .seconds(digestMinute * 60) else { return 0 }
        return try await pool.transaction { transaction in
            var queued = 0
            for contact in try await ContactStore.claimDigests(on: today, transaction) {
                let counts = try await counts(of: contact.personId, now: now, transaction)
                guard let first = counts.inboxes.first, counts.unread + counts.open > 0 else { continue }
                try await PersonMessageStore.queueDigest(to: contact, recipient: first, now: now, transaction)
                queued += 1
            }
            return queued
        }
    }

    /// Sums over all inboxes of a person.
    struct Counts: Sendable {
        var inboxes: [Recipient] = []
        var unread = 0
        var open = 0
        var overdue = 0
    }

    func counts(of person: PersonID, now: Instant, _ executor: some PostgresExecutor) async throws -> Counts {
        var counts = Counts()
        counts.inboxes = try await ContactStore.inboxes(of: person, on: LocalDate(now), executor)
        for inbox in counts.inboxes {
            let own = try await InboxStore.counts(of: inbox, now: now, executor)
            counts.unread += own.unread
            counts.open += own.open
            counts.overdue += own.overdue
        }
        return counts
    }
}
