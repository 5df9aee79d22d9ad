import Concurrency
import Contracts
import Journal
import Postgres

/// Reminds a school of the filing of its public-safety cameras with the police (公安备案), and the county when it is late.
/// All that concerns one camera's filing is one line of an inbox.
struct FilingConsumer: Sendable {
    let clock: any WallClock

    var subscriptions: [Subscription] {
        [.on(CameraFilingChanged.self) { received, transaction in try await take(received, transaction) }]
    }

    func take(_ received: ReceivedEvent<CameraFilingChanged>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        let key = "filing:\(event.cameraId)"
        let school = Recipient.school(event.schoolId)
        switch event.stage {
        case .due: try await tell(received, .filingDue, key, [school], transaction)
        case .overdue:
            let county = event.countyOrganId.map { [Recipient.organ($0)] } ?? []
            try await tell(received, .filingOverdue, key, [school] + county, transaction)
        case .filed:
            try await tell(
                received, .filingDone, key, try await InboxStore.recipients(ofMatter: key, transaction), transaction)
        }
    }

    private func tell(
        _ received: ReceivedEvent<CameraFilingChanged>, _ kind: NoticeKind, _ key: String, _ recipients: [Recipient],
        _ transaction: PostgresTransaction
    ) async throws {
        let event = received.event
        let isOpen = event.stage != .filed
        for recipient in recipients {
            try await InboxStore.deliver(
                InboxStore.Message(
                    kind: kind, eventId: received.id.rawValue, canteenId: event.canteenId,
                    occurredAt: received.occurredAt, isOpen: isOpen,
                    dueAt: isOpen ? event.dueOn.adding(days: 1).start : nil),
                about: .matter(key, link: "/registry/cameras/\(event.cameraId)/papers"), to: recipient,
                received.context, now: clock.now(), transaction)
        }
    }
}
