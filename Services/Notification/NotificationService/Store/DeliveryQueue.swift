import Calendar
import Contracts
import Postgres

/// Who sends what next: the durable queue of webhooks.
///
/// Messages are independent rows and are taken with `SKIP LOCKED`, except those of endpoints that ask for an order or
/// a throttle: there the endpoint's row is locked first, and looked at again once it is.
enum DeliveryQueue {
    /// Longer than the deadline of a request: a message whose dispatcher died is taken up again after this.
    static let lease = Duration.seconds(60)
    /// At most this many under way to one endpoint: a slow receiver holds up itself, not the others.
    static let maximumUnderWayPerEndpoint = 8

    /// Takes up to `limit` due messages of active endpoints and leases them; the careful endpoints first, with at most
    /// half of the room, so that neither kind starves the other.
    static func claim(limit: Int, now: Instant, _ pool: PostgresPool) async throws -> [ClaimedDelivery] {
        let careful = try await claimCareful(limit: max(1, limit / 2), now: now, pool)
        let room = limit - careful.count
        guard room > 0 else { return careful }
        let plain = try await claimPlain(limit: room, now: now, pool)
        return careful + plain
    }

    private static func isFree(now: Instant) -> SQL {
        "q.state = 'queued' AND q.next_attempt_at <= \(now) AND (q.leased_until IS NULL OR q.leased_until < \(now))"
    }

    private static func isOpen(now: Instant) -> SQL {
        "e.state = 'active' AND (e.not_before IS NULL OR e.not_before <= \(now))"
    }

    /// Test events, also to a paused endpoint: an owner tries a repaired receiver before resuming.
    private static func claimPlain(
        limit: Int, now: Instant, _ executor: some PostgresExecutor
    ) async throws -> [ClaimedDelivery] {
        try await executor.query(
            """
            WITH tests AS (
                SELECT q.delivery_id FROM delivery q
                WHERE q.event_id IS NULL AND \(isFree(now: now))
                ORDER BY q.next_attempt_at LIMIT \(limit) FOR UPDATE SKIP LOCKED
            ), due AS (
                SELECT d.delivery_id
                FROM endpoint e
                CROSS JOIN LATERAL (
                    SELECT q.delivery_id, q.next_attempt_at FROM delivery q
                    WHERE q.endpoint_id = e.endpoint_id AND q.event_id IS NOT NULL AND \(isFree(now: now))
                    ORDER BY q.next_attempt_at, q.delivery_id
                    LIMIT greatest(0, \(maximumUnderWayPerEndpoint) - (
                        SELECT count(*) FROM delivery u
                        WHERE u.endpoint_id = e.endpoint_id AND u.state = 'queued' AND u.leased_until >= \(now)))
                    FOR UPDATE SKIP LOCKED
                ) d
                WHERE \(isOpen(now: now)) AND NOT e.is_ordered AND e.throttle_per_minute IS NULL
                ORDER BY d.next_attempt_at
                LIMIT \(limit)
            ), picked AS (
                SELECT delivery_id FROM tests UNION ALL SELECT delivery_id FROM due LIMIT \(limit)
            )
            \(leasing(now: now))
            """, ClaimedDelivery.init(from:))
    }

    /// The end of a statement that picked rows: leases them and returns what is to be sent.
    private static func leasing(now: Instant) -> SQL {
        """
        UPDATE delivery d SET leased_until = \(now + lease), step = d.step + 1, attempts = d.attempts + 1
        FROM picked JOIN delivery x USING (delivery_id) JOIN endpoint e USING (endpoint_id)
             LEFT JOIN outgoing_event o ON o.event_id = x.event_id
        WHERE d.delivery_id = picked.delivery_id
        RETURNING d.delivery_id, d.endpoint_id, e.url, d.event_type, d.event_id IS NULL AS is_test, d.step,
                  d.attempts, coalesce(o.body, d.test_body) AS body
        """
    }

    private struct Careful: Sendable {
        let endpointId: EndpointID
        let isOrdered: Bool
        let throttle: Throttle?
    }

    private static func claimCareful(
        limit: Int, now: Instant, _ pool: PostgresPool
    ) async throws -> [ClaimedDelivery] {
        let isWaiting = try await pool.first(
            """
            SELECT EXISTS (
                SELECT 1 FROM endpoint e JOIN delivery q USING (endpoint_id)
                WHERE \(isOpen(now: now)) AND (e.is_ordered OR e.throttle_per_minute IS NOT NULL)
                  AND q.event_id IS NOT NULL AND \(isFree(now: now))) AS yes
            """
        ) { row -> Bool in try row["yes"] }
        guard isWaiting == true else { return [] }
        return try await pool.transaction { transaction in
            let endpoints = try await lockCareful(now: now, transaction)
            var claimed: [ClaimedDelivery] = []
            for endpoint in endpoints where claimed.count < limit {
                claimed += try await claim(endpoint, limit: limit - claimed.count, now: now, transaction)
            }
            return claimed
        }
    }

    private static func lockCareful(now: Instant, _ transaction: PostgresTransaction) async throws -> [Careful] {
        try await transaction.query(
            """
            SELECT e.endpoint_id, e.is_ordered, e.throttle_per_minute, e.throttle_tokens, e.throttle_at
            FROM endpoint e
            WHERE \(isOpen(now: now)) AND (e.is_ordered OR e.throttle_per_minute IS NOT NULL)
              AND EXISTS (SELECT 1 FROM delivery q
                          WHERE q.endpoint_id = e.endpoint_id AND q.event_id IS NOT NULL AND \(isFree(now: now)))
            ORDER BY coalesce(e.throttle_at, e.created_at), e.endpoint_id FOR UPDATE SKIP LOCKED
            """
        ) { row in
            let perMinute: Int? = try row["throttle_per_minute"]
            let tokens: Double = try row["throttle_tokens"]
            let at: Instant? = try row["throttle_at"]
            return Careful(
                endpointId: try row["endpoint_id"], isOrdered: try row["is_ordered"],
                throttle: perMinute.map { Throttle(perMinute: $0, tokens: tokens, at: at ?? now) })
        }
    }

    /// With the endpoint's row locked: no other dispatcher counts or orders at the same time.
    private static func claim(
        _ endpoint: Careful, limit: Int, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> [ClaimedDelivery] {
        var throttle = endpoint.throttle
        let allowed = min(limit, throttle?.refill(now: now) ?? limit)
        let order: SQL =
            endpoint.isOrdered
            ? """
            AND NOT EXISTS (SELECT 1 FROM delivery p
                            WHERE p.endpoint_id = q.endpoint_id AND p.canteen_id = q.canteen_id
                              AND p.state = 'queued' AND p.position < q.position)
            """ : ""
        let claimed = try await transaction.query(
            """
            WITH picked AS (
                SELECT q.delivery_id FROM delivery q
                WHERE q.endpoint_id = \(endpoint.endpointId) AND q.event_id IS NOT NULL AND \(isFree(now: now)) \(order)
                ORDER BY q.next_attempt_at, q.position
                LIMIT greatest(0, least(\(allowed), \(maximumUnderWayPerEndpoint) - (
                    SELECT count(*) FROM delivery u
                    WHERE u.endpoint_id = \(endpoint.endpointId) AND u.state = 'queued' AND u.leased_until >= \(now))))
                FOR UPDATE SKIP LOCKED
            )
            \(leasing(now: now))
            """, ClaimedDelivery.init(from:))
        throttle?.take(claimed.count)
        if let throttle {
            try await transaction.execute(
                """
                UPDATE endpoint SET throttle_tokens = \(throttle.tokens), throttle_at = \(throttle.at)
                WHERE endpoint_id = \(endpoint.endpointId)
                """)
        }
        return claimed
    }

    /// What a replay sends.
    enum Replay: String, CaseIterable, Codable, Sendable {
        /// What was not delivered, and what was never queued.
        case missing
        /// Everything, also what the receiver has had: it drops repetitions by `webhook-id`.
        case all
    }

    /// Puts messages queued in that time back at the start of their schedule. The number of messages.
    static func requeue(
        _ id: EndpointID, since: Instant, until: Instant, _ replay: Replay, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Int {
        let states: SQL = replay == .all ? "true" : "state IN ('queued', 'failed')"
        return try await transaction.execute(
            """
            UPDATE delivery SET state = 'queued', step = 0, next_attempt_at = \(now), delivered_at = NULL
            WHERE endpoint_id = \(id) AND event_id IS NOT NULL AND \(states)
              AND created_at >= \(since) AND created_at <= \(until)
              AND (leased_until IS NULL OR leased_until < \(now))
            """)
    }

    /// Sends one message again, whatever became of it. False when there is none or it is under way at this moment.
    static func resend(
        _ deliveryId: String, of endpoint: EndpointID, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE delivery SET state = 'queued', step = 0, next_attempt_at = \(now), delivered_at = NULL
            WHERE delivery_id = \(deliveryId) AND endpoint_id = \(endpoint)
              AND (leased_until IS NULL OR leased_until < \(now))
            """) == 1
    }

    static func queueTest(
        _ body: [UInt8], for endpoint: EndpointID, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> String {
        let id = "msg_" + UUIDv7.string()
        try await transaction.execute(
            """
            INSERT INTO delivery (delivery_id, endpoint_id, event_type, test_body, state, next_attempt_at, created_at)
            VALUES (\(id), \(endpoint), \(WebhookEventType.test), \(body), 'queued', \(now), \(now))
            """)
        return id
    }
}
