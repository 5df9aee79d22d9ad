import Access
import Calendar
import Contracts
import Journal
import Postgres

/// Turns events into messages for endpoints, inside the consumer's transaction.
struct WebhookOutbox: Sendable {
    let policy: AccessPolicy
    /// Origin of the gateway, for links.
    let publicBaseURL: String
    /// `urn:brightkitchen:notification`.
    let source: String
    let dispatcher: WebhookDispatcher

    /// An event of a problem, passed on with its own id and source: for everybody with jurisdiction.
    func offer<E: Event>(
        _ received: ReceivedEvent<E>, problem: ProblemID, canteen: CanteenID, organs: [OrganID], now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        let event = received.event
        let body = try CloudEventBody.encode(
            CloudEventBody.Attributes(
                id: received.id.rawValue, source: received.source, type: E.type, subject: event.subject,
                time: received.occurredAt, partitionKey: event.partitionKey, sequence: received.sequence,
                correlationId: received.correlationId, dataRef: "\(publicBaseURL)/patrol/problems/\(problem)"),
            data: event)
        try await offer(
            OutgoingEvents.Entry(
                eventId: received.id.rawValue, type: E.type, canteenId: canteen, organIds: organs, isAddressed: false,
                occurredAt: received.occurredAt, body: body), now: now, transaction)
    }

    /// A bulletin: for its receiver alone.
    func offer(
        _ bulletin: BulletinIssued, id: EventID, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        let body = try CloudEventBody.encode(
            CloudEventBody.Attributes(
                id: id.rawValue, source: source, type: BulletinIssued.type, subject: bulletin.subject,
                time: bulletin.issuedAt, partitionKey: bulletin.partitionKey, correlationId: context.correlationId,
                dataRef: "\(publicBaseURL)/notification/bulletins/\(bulletin.bulletinId)"),
            data: bulletin)
        try await offer(
            OutgoingEvents.Entry(
                eventId: id.rawValue, type: BulletinIssued.type, canteenId: bulletin.canteenId,
                organIds: [bulletin.receivingOrganId], isAddressed: true, occurredAt: bulletin.issuedAt, body: body,
                senderOrganId: bulletin.issuingOrganId), now: now, transaction)
    }

    /// Which bulletin an event of its life is about, and who caused it.
    struct Life: Sendable {
        let bulletinId: BulletinID
        let canteenId: CanteenID
        let sender: OrganID
    }

    /// What became of a bulletin: for the organs that it concerns, and nobody else.
    func offer<E: Event>(
        _ event: E, id: EventID, _ life: Life, to organs: [OrganID], _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        let body = try CloudEventBody.encode(
            CloudEventBody.Attributes(
                id: id.rawValue, source: source, type: E.type, subject: event.subject, time: now,
                partitionKey: event.partitionKey, correlationId: context.correlationId,
                dataRef: "\(publicBaseURL)/notification/bulletins/\(life.bulletinId)"),
            data: event)
        try await offer(
            OutgoingEvents.Entry(
                eventId: id.rawValue, type: E.type, canteenId: life.canteenId, organIds: organs, isAddressed: true,
                occurredAt: now, body: body, senderOrganId: life.sender), now: now, transaction)
    }

    private func offer(
        _ entry: OutgoingEvents.Entry, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        let canteen = entry.isAddressed ? nil : try await RegistryStore.canteen(entry.canteenId, transaction)
        try await OutgoingEvents.offer(entry, canteen: canteen, policy: policy, now: now, transaction)
        kickAfterCommit(transaction)
    }

    /// A canteen's facts came or changed.
    func canteenChanged(_ canteen: Canteen, now: Instant, _ transaction: PostgresTransaction) async throws {
        try await OutgoingEvents.offerAgain(canteen: canteen, policy: policy, now: now, transaction)
        kickAfterCommit(transaction)
    }

    private func kickAfterCommit(_ transaction: PostgresTransaction) {
        let dispatcher = dispatcher
        transaction.afterCommit { dispatcher.kick() }
    }
}
