import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// The ten working days of art 5: the school and those who supervise it are told in time, and the supervising
/// department gets a bulletin when they have passed.
///
/// All that concerns one canteen's connection is one line of an inbox, renewed by every event.
struct AccessConsumers: Sendable {
    let clock: any WallClock
    let bulletins: BulletinDesk

    var subscriptions: [Subscription] {
        [
            .on(AccessDue.self) { received, transaction in try await due(received, transaction) },
            .on(DeadlineRecomputed.self) { received, transaction in
                let event = received.event
                try await tell(
                    received, .accessRecomputed, event.canteenId, [.school(event.schoolId)], due: event.deadline,
                    transaction)
            },
            .on(AccessReminded.self) { received, transaction in
                let event = received.event
                try await tell(
                    received, .accessReminded, event.canteenId,
                    [.school(event.schoolId)] + organs(event.countyOrganId), due: event.deadline, transaction)
            },
            .on(AccessOverdue.self) { received, transaction in try await overdue(received, transaction) },
            .on(AccessConnected.self) { received, transaction in try await connected(received, transaction) },
            .on(AccessChanged.self) { received, transaction in
                guard received.event.clockCancelled else { return }
                try await settle(received, .accessCancelled, received.event.canteenId, transaction)
            },
        ]
    }

    func due(_ received: ReceivedEvent<AccessDue>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        try await tell(
            received, .accessDue, event.canteenId, [.school(event.schoolId)], due: event.deadline, transaction)
    }

    func connected(_ received: ReceivedEvent<AccessConnected>, _ transaction: PostgresTransaction) async throws {
        try await settle(received, .accessConnected, received.event.canteenId, transaction)
    }

    /// More inspections for county and station; a bulletin to the supervising department (art 5). A canteen that
    /// came into the register after its deadline is told about, but its bulletin is a decision of the organ.
    func overdue(_ received: ReceivedEvent<AccessOverdue>, _ transaction: PostgresTransaction) async throws {
        let event = received.event
        try await tell(
            received, .accessOverdue, event.canteenId,
            [.school(event.schoolId)] + organs(event.countyOrganId, event.stationOrganId), due: event.deadline,
            transaction)
        if !event.registeredAfterDeadline { try await bulletins.draft(received, transaction) }
    }

    private func organs(_ ids: OrganID?...) -> [Recipient] { ids.compactMap { $0 }.map { .organ($0) } }

    private func tell<E: Event>(
        _ received: ReceivedEvent<E>, _ kind: NoticeKind, _ canteen: CanteenID, _ recipients: [Recipient],
        due deadline: LocalDate, _ transaction: PostgresTransaction
    ) async throws {
        for recipient in recipients {
            try await InboxStore.deliver(
                InboxStore.Message(
                    kind: kind, eventId: received.id.rawValue, canteenId: canteen, occurredAt: received.occurredAt,
                    isOpen: true, dueAt: deadline.adding(days: 1).start),
                about: matter(canteen), to: recipient, received.context, now: clock.now(), transaction)
        }
    }

    /// Whoever was told of it is told that it is over.
    private func settle<E: Event>(
        _ received: ReceivedEvent<E>, _ kind: NoticeKind, _ canteen: CanteenID, _ transaction: PostgresTransaction
    ) async throws {
        guard case .matter(let key, _) = matter(canteen) else { return }
        for recipient in try await InboxStore.recipients(ofMatter: key, transaction) {
            try await InboxStore.deliver(
                InboxStore.Message(
                    kind: kind, eventId: received.id.rawValue, canteenId: canteen, occurredAt: received.occurredAt,
                    isOpen: false, dueAt: nil),
                about: matter(canteen), to: recipient, received.context, now: clock.now(), transaction)
        }
    }

    private func matter(_ canteen: CanteenID) -> InboxStore.Subject {
        .matter("access:\(canteen)", link: "/registry/canteens/\(canteen)/access")
    }
}
