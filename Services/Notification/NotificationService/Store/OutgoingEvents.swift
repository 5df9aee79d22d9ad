import Access
import Calendar
import Contracts
import Postgres

/// Events that endpoints may subscribe to: kept once, fanned out to the endpoints that may have them.
enum OutgoingEvents {
    struct Entry: Sendable {
        let eventId: String
        let type: String
        let canteenId: CanteenID
        /// Organs that the event names: finder and enforcer of a problem, receiver of a bulletin.
        let organIds: [OrganID]
        /// A bulletin is for its receiver alone; a problem for every organ with jurisdiction.
        let isAddressed: Bool
        let occurredAt: Instant
        let body: [UInt8]
        /// Who issued a bulletin; a problem's thread knows its finder.
        var senderOrganId: OrganID?
    }

    /// Stores the event and queues it for every endpoint that may have it. Twice is once.
    static func offer(
        _ entry: Entry, canteen: Canteen?, policy: AccessPolicy, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO outgoing_event (event_id, type, canteen_id, organ_ids, is_addressed, occurred_at, body,
                                        sender_organ_id)
            VALUES (\(entry.eventId), \(entry.type), \(entry.canteenId), \(entry.organIds)::text[],
                    \(entry.isAddressed), \(entry.occurredAt), \(entry.body), \(entry.senderOrganId))
            ON CONFLICT (event_id) DO NOTHING
            """)
        let endpoints = try await endpoints(transaction).filter { target in
            target.eventTypes.contains(entry.type)
                && concerns(target, named: entry.organIds, isAddressed: entry.isAddressed, canteen, policy)
        }
        try await queue([entry.eventId], for: endpoints.map(\.endpointId), now: now, transaction)
    }

    /// After the registry told about a canteen: organs may have gained jurisdiction over events that came before.
    static func offerAgain(
        canteen: Canteen, policy: AccessPolicy, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        let events = try await transaction.query(
            "SELECT event_id, type FROM outgoing_event WHERE canteen_id = \(canteen.id) AND NOT is_addressed"
        ) { row -> (String, String) in (try row["event_id"], try row["type"]) }
        guard !events.isEmpty else { return }
        for target in try await endpoints(transaction)
        where concerns(target, named: [], isAddressed: false, canteen, policy) {
            // What happened before the endpoint existed is sent on request only (replay).
            let wanted = events.filter { target.eventTypes.contains($0.1) }.map(\.0)
            let recent = try await transaction.query(
                """
                SELECT event_id FROM outgoing_event
                WHERE event_id = ANY(\(wanted)::text[]) AND occurred_at >= \(target.createdAt)
                """
            ) { row -> String in try row["event_id"] }
            try await queue(recent, for: [target.endpointId], now: now, transaction)
        }
    }

    /// Queues everything since then that the endpoint may have and has not been given; for replays.
    static func replayMissing(
        _ endpoint: Endpoint, organ: Organ, since: Instant, until: Instant, policy: AccessPolicy, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Int {
        let events = try await transaction.query(
            """
            SELECT o.event_id, o.canteen_id, o.organ_ids, o.is_addressed FROM outgoing_event o
            WHERE o.occurred_at >= \(since) AND o.occurred_at <= \(until)
              AND o.type = ANY(\(endpoint.eventTypes)::text[])
              AND NOT EXISTS (SELECT 1 FROM delivery d
                              WHERE d.endpoint_id = \(endpoint.endpointId) AND d.event_id = o.event_id)
            ORDER BY o.occurred_at, o.event_id
            """
        ) { row -> (id: String, canteen: CanteenID, organs: [OrganID], addressed: Bool) in
            (try row["event_id"], try row["canteen_id"], try row["organ_ids"], try row["is_addressed"])
        }
        var missing: [String] = []
        for event in events {
            let canteen = try await RegistryStore.canteen(event.canteen, transaction)
            let target = Target(
                endpointId: endpoint.endpointId, organ: organ, eventTypes: endpoint.eventTypes,
                createdAt: endpoint.createdAt)
            if concerns(target, named: event.organs, isAddressed: event.addressed, canteen, policy) {
                missing.append(event.id)
            }
        }
        try await queue(missing, for: [endpoint.endpointId], now: now, transaction)
        return missing.count
    }

    private struct Target: Sendable {
        let endpointId: EndpointID
        let organ: Organ
        let eventTypes: [String]
        let createdAt: Instant
    }

    private static func concerns(
        _ target: Target, named organs: [OrganID], isAddressed: Bool, _ canteen: Canteen?, _ policy: AccessPolicy
    ) -> Bool {
        if organs.contains(target.organ.id) { return true }
        guard !isAddressed, let canteen else { return false }
        return Jurisdiction.covers(target.organ, canteen, policy: policy)
    }

    /// All endpoints, paused ones too: what happens during a pause is sent after it.
    private static func endpoints(_ transaction: PostgresTransaction) async throws -> [Target] {
        try await transaction.query(
            """
            SELECT e.endpoint_id, e.event_types, e.created_at, o.organ_id, o.name, o.department, o.level,
                   o.division_code, o.parent_organ_id
            FROM endpoint e JOIN organ o USING (organ_id)
            """
        ) { row in
            Target(
                endpointId: try row["endpoint_id"],
                organ: Organ(
                    id: try row["organ_id"], name: try row["name"], department: try row["department"],
                    level: try row["level"], divisionCode: try row["division_code"],
                    parentOrganId: try row["parent_organ_id"]),
                eventTypes: try row["event_types"], createdAt: try row["created_at"])
        }
    }

    private static func queue(
        _ events: [String], for endpoints: [EndpointID], now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        guard !events.isEmpty, !endpoints.isEmpty else { return }
        let pairs = events.flatMap { event in endpoints.map { (event, $0) } }
        try await transaction.execute(
            """
            INSERT INTO delivery (delivery_id, endpoint_id, event_id, event_type, canteen_id, position, state,
                                  next_attempt_at, created_at)
            SELECT p.delivery_id, p.endpoint_id, p.event_id, o.type, o.canteen_id, o.position, 'queued', \(now), \(now)
            FROM unnest(\(pairs.map { _ in "msg_" + UUIDv7.string() })::text[], \(pairs.map(\.1))::text[],
                        \(pairs.map(\.0))::text[]) AS p (delivery_id, endpoint_id, event_id)
            JOIN outgoing_event o USING (event_id)
            ON CONFLICT (endpoint_id, event_id) DO NOTHING
            """)
    }
}
