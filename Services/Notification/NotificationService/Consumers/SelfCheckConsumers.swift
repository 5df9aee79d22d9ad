import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// Self-checks (日管控、周排查、月调度, art 8): the school is told when one is due and when it was missed, those who supervise
/// it when it was missed. One line of an inbox for each period of a canteen, closed by the report.
struct SelfCheckConsumers: Sendable {
    let clock: any WallClock

    var subscriptions: [Subscription] {
        [
            .on(SelfCheckDue.self) { received, transaction in try await due(received, transaction) },
            .on(SelfCheckMissed.self) { received, transaction in try await missed(received, transaction) },
            .on(SelfCheckSubmitted.self) { received, transaction in try await submitted(received, transaction) },
            .on(SelfCheckExempt.self) { received, transaction in try await exempt(received, transaction) },
        ]
    }

    func due(_ received: ReceivedEvent<SelfCheckDue>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        try await tell(
            received, .selfCheckDue, Check(event.canteenId, event.period, event.firstDay, event.lastDay),
            [.school(event.schoolId)],
            due: event.dueBy, transaction)
    }

    /// It stays missed; the line stays open until the report comes late.
    func missed(_ received: ReceivedEvent<SelfCheckMissed>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        let canteen = try await RegistryStore.canteen(event.canteenId, transaction)
        let supervisor = canteen.flatMap(Self.supervisor)
        try await tell(
            received, .selfCheckMissed, Check(event.canteenId, event.period, event.firstDay, event.lastDay),
            [.school(event.schoolId)] + [supervisor].compactMap { $0 }, due: event.dueBy, transaction)
    }

    func submitted(_ received: ReceivedEvent<SelfCheckSubmitted>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        try await settle(
            received, .selfCheckSubmitted, Check(event.canteenId, event.period, event.firstDay, event.lastDay),
            transaction)
    }

    func exempt(_ received: ReceivedEvent<SelfCheckExempt>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        try await settle(
            received, .selfCheckExempt, Check(event.canteenId, event.period, event.firstDay, event.lastDay), transaction
        )
    }

    /// A canteen came to be known: what it missed before is told to those who supervise it.
    func catchUp(
        _ canteen: Canteen, _ context: EventContext, _ transaction: PostgresTransaction
    ) async throws {
        guard let supervisor = Self.supervisor(canteen) else { return }
        let untold = try await transaction.query(
            """
            SELECT n.event_id, i.matter, i.link, i.latest_at, i.due_at FROM inbox_item i
            JOIN notice n ON n.item_id = i.item_id AND n.kind = \(NoticeKind.selfCheckMissed)
            WHERE i.recipient = \(Recipient.school(canteen.schoolId).key) AND i.canteen_id = \(canteen.id)
              AND i.matter LIKE 'self-check:%' AND i.is_open
              AND NOT EXISTS (SELECT 1 FROM inbox_item o WHERE o.matter = i.matter AND o.recipient LIKE 'organ:%')
            ORDER BY i.latest_at, i.item_id
            """
        ) { row in
            Untold(
                eventId: try row["event_id"], matter: try row["matter"], link: try row["link"],
                at: try row["latest_at"],
                dueAt: try row["due_at"])
        }
        for one in untold {
            try await InboxStore.deliver(
                InboxStore.Message(
                    kind: .selfCheckMissed, eventId: one.eventId, canteenId: canteen.id, occurredAt: one.at,
                    isOpen: true, dueAt: one.dueAt),
                about: .matter(one.matter, link: one.link), to: supervisor, context, now: clock.now(), transaction)
        }
    }

    private struct Untold: Sendable {
        let eventId: String
        let matter: String
        let link: String
        let at: Instant
        let dueAt: Instant?
    }

    /// 主管部门; for a caterer, or where none is stored, the organ of market supervision.
    private static func supervisor(_ canteen: Canteen) -> Recipient? {
        let organ =
            canteen.isCaterer ? canteen.cityOrganId : canteen.supervisingOrganId ?? canteen.countyOrganId
        return organ.map { .organ($0) }
    }

    /// One period of one canteen.
    private struct Check: Sendable {
        let canteen: CanteenID
        let matter: String
        let link: String

        init(_ canteen: CanteenID, _ period: SelfCheckPeriod, _ firstDay: LocalDate, _ lastDay: LocalDate) {
            self.canteen = canteen
            matter = "self-check:\(canteen):\(period.rawValue):\(firstDay.iso)"
            link =
                "/patrol/self-checks?show=list&canteen=\(canteen)&period=\(period.rawValue)"
                + "&from=\(firstDay.iso)&to=\(lastDay.iso)"
        }
    }

    /// Whoever was told of it is told that it is over.
    private func settle<E: Event>(
        _ received: ReceivedEvent<E>, _ kind: NoticeKind, _ check: Check, _ transaction: PostgresTransaction
    ) async throws {
        let told = try await InboxStore.recipients(ofMatter: check.matter, transaction)
        try await tell(received, kind, check, told, due: nil, transaction)
    }

    private func tell<E: Event>(
        _ received: ReceivedEvent<E>, _ kind: NoticeKind, _ check: Check, _ recipients: [Recipient],
        due: Instant?, _ transaction: PostgresTransaction
    ) async throws {
        for recipient in recipients {
            try await InboxStore.deliver(
                InboxStore.Message(
                    kind: kind, eventId: received.id.rawValue, canteenId: check.canteen,
                    occurredAt: received.occurredAt, isOpen: due != nil, dueAt: due),
                about: .matter(check.matter, link: check.link), to: recipient, received.context, now: clock.now(),
                transaction)
        }
    }
}
