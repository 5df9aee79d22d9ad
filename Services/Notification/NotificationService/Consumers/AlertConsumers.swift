import Concurrency
import Contracts
import Journal
import Postgres

/// Class 1 alerts of machines: school and enforcement organ are told at once, marked as unconfirmed, and told again what a
/// person made of it. One line of an inbox for each alert.
struct AlertConsumers: Sendable {
    let clock: any WallClock

    var subscriptions: [Subscription] {
        [
            .on(AlertRaised.self) { received, transaction in try await raised(received, transaction) },
            .on(AlertDecided.self) { received, transaction in try await decided(received, transaction) },
        ]
    }

    func raised(_ received: ReceivedEvent<AlertRaised>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        let organ = event.enforcementOrganId.map { Recipient.organ($0) }
        for recipient in [.school(event.schoolId)] + [organ].compactMap({ $0 }) {
            try await tell(received, .alertRaised, event.alertId, event.canteenId, recipient, isOpen: true, transaction)
        }
    }

    /// Whoever was told of it is told how it ended.
    func decided(_ received: ReceivedEvent<AlertDecided>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        let kind: NoticeKind =
            switch event.outcome {
            case .confirmed: .alertConfirmed
            case .falsePositive: .alertFalse
            case .unknown: .alertUnknown
            }
        for recipient in try await InboxStore.recipients(ofMatter: "alert:\(event.alertId)", transaction) {
            try await tell(received, kind, event.alertId, event.canteenId, recipient, isOpen: false, transaction)
        }
    }

    private func tell<E: Event>(
        _ received: ReceivedEvent<E>, _ kind: NoticeKind, _ alert: AlertID, _ canteen: CanteenID,
        _ recipient: Recipient, isOpen: Bool, _ transaction: PostgresTransaction
    ) async throws {
        try await InboxStore.deliver(
            InboxStore.Message(
                kind: kind, eventId: received.id.rawValue, canteenId: canteen, occurredAt: received.occurredAt,
                isOpen: isOpen, dueAt: nil),
            about: .matter("alert:\(alert)", link: "/patrol/alerts/\(alert)"), to: recipient, received.context,
            now: clock.now(), transaction)
    }
}
