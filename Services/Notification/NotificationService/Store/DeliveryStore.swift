import Calendar
import Contracts
import Postgres
import ServiceKit

/// The durable queue of webhooks. Messages are independent rows, so `SKIP LOCKED` is right here.
enum DeliveryStore {
    /// Longer than the deadline of a request: a message whose dispatcher died is taken up again after this.
    static let lease = Duration.seconds(60)
    /// At most this many under way to one endpoint: a slow receiver holds up itself, not the others.
    static let maximumUnderWayPerEndpoint = 8

    struct Claimed: Sendable {
        let deliveryId: String
        let endpointId: EndpointID
        let url: String
        let eventType: String
        let isTest: Bool
        /// 1 for the first attempt since it was queued.
        let step: Int
        let attempt: Int
        let body: [UInt8]
    }

    /// Takes up to `limit` due messages of active endpoints and leases them.
    static func claim(limit: Int, now: Instant, _ executor: some PostgresExecutor) async throws -> [Claimed] {
        try await executor.query(
            """
            WITH due AS (
                SELECT d.delivery_id
                FROM endpoint e
                CROSS JOIN LATERAL (
                    SELECT q.delivery_id, q.next_attempt_at FROM delivery q
                    WHERE q.endpoint_id = e.endpoint_id AND q.state = 'queued' AND q.next_attempt_at <= \(now)
                      AND (q.leased_until IS NULL OR q.leased_until < \(now))
                    ORDER BY q.next_attempt_at, q.delivery_id
                    LIMIT greatest(0, \(maximumUnderWayPerEndpoint) - (
                        SELECT count(*) FROM delivery u
                        WHERE u.endpoint_id = e.endpoint_id AND u.state = 'queued' AND u.leased_until >= \(now)))
                    FOR UPDATE SKIP LOCKED
                ) d
                WHERE e.state = 'active'
                ORDER BY d.next_attempt_at
                LIMIT \(limit)
            )
            UPDATE delivery d SET leased_until = \(now + lease), step = d.step + 1, attempts = d.attempts + 1
            FROM due JOIN delivery x USING (delivery_id) JOIN endpoint e USING (endpoint_id)
                 LEFT JOIN outgoing_event o ON o.event_id = x.event_id
            WHERE d.delivery_id = due.delivery_id
            RETURNING d.delivery_id, d.endpoint_id, e.url, d.event_type, d.event_id IS NULL AS is_test, d.step,
                      d.attempts, coalesce(o.body, d.test_body) AS body
            """
        ) { row in
            Claimed(
                deliveryId: try row["delivery_id"], endpointId: try row["endpoint_id"], url: try row["url"],
                eventType: try row["event_type"], isTest: try row["is_test"], step: try row["step"],
                attempt: try row["attempts"], body: try row["body"])
        }
    }

    /// Writes down one attempt.
    static func record(_ attempt: WebhookDelivery.Attempt, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO delivery_attempt (delivery_id, number, started_at, duration_ms, status, error)
            VALUES (\(attempt.deliveryId), \(attempt.number), \(attempt.startedAt), \(attempt.durationMs),
                    \(attempt.status), \(attempt.error))
            ON CONFLICT (delivery_id, number) DO NOTHING
            """)
    }

    static func settleDelivered(_ claimed: Claimed, now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE delivery SET state = 'delivered', delivered_at = \(now), leased_until = NULL
            WHERE delivery_id = \(claimed.deliveryId)
            """)
        try await transaction.execute(
            "UPDATE endpoint SET failing_since = NULL WHERE endpoint_id = \(claimed.endpointId) AND failing_since IS NOT NULL"
        )
    }

    static func settleRetry(
        _ claimed: Claimed, at next: Instant, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE delivery SET next_attempt_at = \(next), leased_until = NULL
            WHERE delivery_id = \(claimed.deliveryId)
            """)
        try await markFailing(claimed.endpointId, now: now, transaction)
    }

    static func settleFailed(_ claimed: Claimed, now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            "UPDATE delivery SET state = 'failed', leased_until = NULL WHERE delivery_id = \(claimed.deliveryId)")
        if !claimed.isTest { try await markFailing(claimed.endpointId, now: now, transaction) }
    }

    private static func markFailing(_ id: EndpointID, now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            "UPDATE endpoint SET failing_since = \(now) WHERE endpoint_id = \(id) AND failing_since IS NULL")
    }

    /// Puts everything undelivered since then back at the start of its schedule. The number of messages.
    static func requeue(
        _ id: EndpointID, since: Instant, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Int {
        try await transaction.execute(
            """
            UPDATE delivery SET state = 'queued', step = 0, next_attempt_at = \(now)
            WHERE endpoint_id = \(id) AND event_id IS NOT NULL AND state IN ('queued', 'failed')
              AND created_at >= \(since) AND (leased_until IS NULL OR leased_until < \(now))
            """)
    }

    /// Sends one message again, whatever became of it.
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

    /// Latest first, each with its attempts.
    static func page(
        of endpoint: EndpointID, state: WebhookDelivery.State?, _ request: PageRequest,
        _ executor: some PostgresExecutor
    ) async throws -> PageOf<WebhookDelivery> {
        let filter: SQL = state.map { "AND d.state = \($0)" } ?? ""
        let total = try await executor.first(
            "SELECT count(*) AS n FROM delivery d WHERE d.endpoint_id = \(endpoint) \(filter)"
        ) { row -> Int in try row["n"] }
        var items = try await executor.query(
            """
            SELECT delivery_id, event_id, event_type, state, attempts, next_attempt_at, created_at, delivered_at
            FROM delivery d WHERE d.endpoint_id = \(endpoint) \(filter)
            ORDER BY created_at DESC, delivery_id DESC LIMIT \(request.size) OFFSET \(request.offset)
            """
        ) { row in
            WebhookDelivery(
                deliveryId: try row["delivery_id"], eventId: try row["event_id"], eventType: try row["event_type"],
                state: try row["state"], attempts: try row["attempts"], nextAttemptAt: try row["next_attempt_at"],
                createdAt: try row["created_at"], deliveredAt: try row["delivered_at"])
        }
        let attempts = try await attempts(of: items.map(\.deliveryId), executor)
        for index in items.indices { items[index].log = attempts[items[index].deliveryId] ?? [] }
        return PageOf(items, of: request, total: total ?? 0)
    }

    private static func attempts(
        of deliveries: [String], _ executor: some PostgresExecutor
    ) async throws -> [String: [WebhookDelivery.Attempt]] {
        let all = try await executor.query(
            """
            SELECT delivery_id, number, started_at, duration_ms, status, error FROM delivery_attempt
            WHERE delivery_id = ANY(\(deliveries)::text[]) ORDER BY delivery_id, number
            """
        ) { row in
            WebhookDelivery.Attempt(
                deliveryId: try row["delivery_id"], number: try row["number"], startedAt: try row["started_at"],
                durationMs: try row["duration_ms"], status: try row["status"], error: try row["error"])
        }
        return Dictionary(grouping: all, by: \.deliveryId)
    }
}
