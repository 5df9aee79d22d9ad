import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Metrics
import PersonalData
import Postgres
import ServiceKit
import ServiceLifecycle

/// Sends what is due to persons: one batch a contact, at least once, with the same id in every attempt.
final class PeopleDispatcher: Service, Sendable {
    static let pollInterval = Duration.seconds(1)
    /// Batches under way at once.
    static let concurrency = 4

    let desk: PeopleDesk
    let channels: MessageChannels
    private let pool: PostgresPool
    private let keys: PersonalDataKeys
    private let pages: Pages
    private let publicBaseURL: String
    private let clock: any WallClock
    private let logger: Logger
    private let wake = Signal()
    private let sent = Counter(label: "notification_person_messages_sent_total")
    private let failures = Counter(label: "notification_person_messages_failed_total")

    init(
        desk: PeopleDesk, channels: MessageChannels, keys: PersonalDataKeys, pages: Pages, publicBaseURL: String,
        pool: PostgresPool, clock: any WallClock, logger: Logger
    ) {
        self.desk = desk
        self.channels = channels
        self.keys = keys
        self.pages = pages
        self.publicBaseURL = publicBaseURL
        self.pool = pool
        self.clock = clock
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.loop() }
    }

    private func loop() async {
        var backoff = Backoff(base: .milliseconds(500), maximum: .seconds(30))
        while !Task.isCancelled {
            do {
                try await work()
                backoff.reset()
                await wake.wait(atMost: Self.pollInterval)
            } catch {
                logger.error("messages to persons could not be sent", metadata: ["error": "\(error)"])
                await wake.wait(atMost: backoff.next())
            }
        }
    }

    /// One round: everything that is due now.
    func work() async throws {
        try await desk.escalate(now: clock.now())
        try await ContactStore.markLeft(on: LocalDate(clock.now()), now: clock.now(), pool)
        var taken = 1
        while taken > 0 && !Task.isCancelled { taken = try await desk.fanOut(now: clock.now()) }
        try await desk.digest(now: clock.now())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.concurrency {
                group.addTask { try await self.sendAll() }
            }
            try await group.waitForAll()
        }
    }

    private func sendAll() async throws {
        var isMore = true
        while isMore && !Task.isCancelled { isMore = try await sendNext() }
    }

    /// False when nothing is due.
    func sendNext() async throws -> Bool {
        let now = clock.now()
        let claimed = try await pool.transaction { try await PersonMessageStore.claim(now: now, $0) }
        guard let head = claimed.first, let batchId = head.batchId else { return false }
        var ready: [PersonMessage] = []
        for message in claimed {
            let verdict = try await verdict(message, now: now)
            switch verdict {
            case .send: ready.append(message)
            case .end(let state, let reason): try await end([message], state, reason: reason, now: now)
            }
        }
        guard !ready.isEmpty else { return true }
        let found = try await ContactStore.contact(head.contactId, pool)
        guard let contact = found else { return true }
        let address: String
        do {
            address = try keys.open(contact.address, at: Contact.place(contact.contactId))
        } catch let error as PersonalDataError {
            // Without its key an address is lost; the others must not wait for it.
            logger.error("an address does not open", metadata: ["error": "\(error)"])
            try await end(ready, .failed, reason: "address_unreadable", now: now)
            return true
        }
        let wording = try await wording(ready, contact, now: now)
        let outcome = await channels.send(
            MessageChannels.Message(
                id: batchId, channel: contact.channel, address: address, subject: wording.subject,
                body: wording.body, language: contact.language, date: now))
        try await settle(ready, contact, wording, outcome, now: clock.now())
        return true
    }

    private enum Verdict: Sendable {
        case send
        case end(LedgerState, String)
    }

    /// What may have changed while it waited.
    private func verdict(_ message: PersonMessage, now: Instant) async throws -> Verdict {
        let contact = try await ContactStore.contact(message.contactId, pool)
        guard let contact else { return .end(.failed, "contact_removed") }
        guard contact.isUsable else { return .end(.failed, "address_refused") }
        let isReader = try await ContactStore.isReader(
            message.personId, of: message.recipient, on: LocalDate(now), pool)
        guard isReader else { return .end(.failed, "recipient_left") }
        guard now - message.queuedAt < desk.timing.expiry else { return .end(.expired, "too_late") }
        let matter = try await PersonMessageStore.matter(message, pool)
        if let matter, matter.isRead, !message.isUrgent { return .end(.expired, "read_before") }
        return .send
    }

    private struct Wording: Sendable {
        let subject: String
        let body: String
        let version: Int
    }

    private func wording(_ messages: [PersonMessage], _ contact: Contact, now: Instant) async throws -> Wording {
        let language = contact.language
        let link = "\(publicBaseURL)/notification/inbox"
        if messages[0].kind == PeopleDesk.digestKind {
            let counts = try await desk.counts(of: contact.personId, now: now, pool)
            return try await render(
                .digest, language,
                [
                    "date": LocalDate(now).iso, "unread": String(counts.unread), "open": String(counts.open),
                    "overdue": String(counts.overdue), "link": link,
                ])
        }
        var all: [[String: String]] = []
        for message in messages {
            let matter = try await PersonMessageStore.matter(message, pool)
            all.append(values(message, matter, language))
        }
        if all.count == 1 { return try await render(.notice, language, all[0]) }
        let lines = all.enumerated().map { index, values in
            let parts = ["kind", "school", "canteen", "item", "due"].compactMap { values[$0] }.filter { $0 != "—" }
            return "\(index + 1). \(parts.joined(separator: " · "))"
        }
        return try await render(
            .group, language, ["count": String(all.count), "lines": lines.joined(separator: "\n"), "link": link])
    }

    private func values(
        _ message: PersonMessage, _ matter: PersonMessageStore.Matter?, _ language: Language
    ) -> [String: String] {
        [
            "kind": pages.text("notification.kind.\(message.kind)", in: language), "school": matter?.schoolName ?? "—",
            "canteen": matter?.canteenName ?? "", "item": matter?.itemText ?? "—",
            "severity": matter?.severity.map {
                pages.text("notification.severity.\(min(max($0, 1), 3))", in: language)
            } ?? "—", "due": matter?.dueAt.map(CivilText.short) ?? "—", "number": matter?.number ?? "—",
            "link": publicBaseURL + (matter?.path ?? "/notification/inbox"),
        ]
    }

    private func render(
        _ name: MessageTemplate.Name, _ language: Language, _ values: [String: String]
    ) async throws -> Wording {
        let template = try await TemplateStore.current(name, language, pool)
        let text = template.render(values)
        return Wording(subject: text.subject, body: text.body, version: template.version)
    }

    private func settle(
        _ messages: [PersonMessage], _ contact: Contact, _ wording: Wording, _ outcome: MessageChannels.Outcome,
        now: Instant
    ) async throws {
        switch outcome {
        case .sent:
            sent.increment(by: messages.count)
            try await pool.transaction { transaction in
                for message in messages {
                    try await PersonMessageStore.settleSent(
                        message, templateVersion: wording.version, now: now, transaction)
                    try await self.journal("sent", message, reason: nil, now: now, transaction)
                }
            }
        case .deferred(let reason):
            logger.warning(
                "a message was not accepted yet",
                metadata: ["batch": "\(messages[0].batchId ?? "")", "reason": "\(reason)"])
            let attempt = messages[0].attempts
            let due = now + MessageTiming.retry(afterAttempt: attempt, random: Double.random(in: 0...1))
            try await pool.transaction { transaction in
                for message in messages {
                    try await PersonMessageStore.settleRetry(message, at: due, reason: reason, transaction)
                }
            }
        case .refused(let reason):
            logger.error(
                "a message was refused for good", metadata: ["contact": "\(contact.contactId)", "reason": "\(reason)"])
            try await pool.transaction { try await ContactStore.refuse(contact.contactId, now: now, $0) }
            try await end(messages, .failed, reason: reason, now: now)
        }
    }

    private func end(
        _ messages: [PersonMessage], _ state: LedgerState, reason: String, now: Instant
    ) async throws {
        failures.increment(by: messages.count)
        try await pool.transaction { transaction in
            for message in messages {
                try await PersonMessageStore.settleEnded(message, state, reason: reason, now: now, transaction)
                try await self.journal(state.rawValue, message, reason: reason, now: now, transaction)
            }
        }
    }

    private struct Outcome: Encodable {
        let messageId: String
        let noticeId: NoticeID?
        let personId: PersonID
        let channel: ContactChannel
        let attempts: Int
        let reason: String?
    }

    /// The pseudonymous number of the person, never the address.
    private func journal(
        _ fact: String, _ message: PersonMessage, reason: String?, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.record(
            "brightkitchen.notification.notice.\(fact).v1", subject: message.personId.rawValue,
            data: Outcome(
                messageId: message.messageId, noticeId: message.noticeId, personId: message.personId,
                channel: message.channel, attempts: message.attempts, reason: reason),
            EventContext(actor: .system("notification"), correlationId: message.messageId), occurredAt: now)
    }
}
