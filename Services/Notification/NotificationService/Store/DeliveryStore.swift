import Calendar
import Contracts
import Postgres
import ServiceKit

/// Messages to endpoints and their attempts: what became of them, and finding them again.
enum DeliveryStore {
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

    static func settleDelivered(_ claimed: ClaimedDelivery, now: Instant, _ transaction: PostgresTransaction)
        async throws
    {
        try await transaction.execute(
            """
            UPDATE delivery SET state = 'delivered', delivered_at = \(now), leased_until = NULL
            WHERE delivery_id = \(claimed.deliveryId)
            """)
        // A test says nothing about the events that wait.
        guard !claimed.isTest else { return }
        try await transaction.execute(
            """
            UPDATE endpoint SET failing_since = NULL
            WHERE endpoint_id = \(claimed.endpointId) AND failing_since IS NOT NULL
            """)
    }

    static func settleRetry(
        _ claimed: ClaimedDelivery, at next: Instant, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE delivery SET next_attempt_at = \(next), leased_until = NULL
            WHERE delivery_id = \(claimed.deliveryId)
            """)
        try await markFailing(claimed.endpointId, now: now, transaction)
    }

    static func settleFailed(_ claimed: ClaimedDelivery, now: Instant, _ transaction: PostgresTransaction) async throws
    {
        try await transaction.execute(
            "UPDATE delivery SET state = 'failed', leased_until = NULL WHERE delivery_id = \(claimed.deliveryId)")
        if !claimed.isTest { try await markFailing(claimed.endpointId, now: now, transaction) }
    }

    private static func markFailing(_ id: EndpointID, now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            "UPDATE endpoint SET failing_since = \(now) WHERE endpoint_id = \(id) AND failing_since IS NULL")
    }

    static func state(
        of deliveryId: String, _ endpoint: EndpointID, _ executor: some PostgresExecutor
    ) async throws -> WebhookDelivery.State? {
        try await executor.first(
            "SELECT state FROM delivery WHERE delivery_id = \(deliveryId) AND endpoint_id = \(endpoint)"
        ) { row -> WebhookDelivery.State in try row["state"] }
    }

    /// Latest first, each with its attempts.
    static func page(
        of endpoint: EndpointID, _ filter: DeliveryFilter, _ request: PageRequest,
        _ executor: some PostgresExecutor
    ) async throws -> PageOf<WebhookDelivery> {
        let conditions = filter.conditions
        let total = try await executor.first(
            "SELECT count(*) AS n FROM delivery d WHERE d.endpoint_id = \(endpoint) \(conditions)"
        ) { row -> Int in try row["n"] }
        var items = try await executor.query(
            """
            SELECT delivery_id, event_id, event_type, canteen_id, state, attempts, next_attempt_at, created_at,
                   delivered_at
            FROM delivery d WHERE d.endpoint_id = \(endpoint) \(conditions)
            ORDER BY created_at DESC, delivery_id DESC LIMIT \(request.size) OFFSET \(request.offset)
            """
        ) { row in
            WebhookDelivery(
                deliveryId: try row["delivery_id"], eventId: try row["event_id"], eventType: try row["event_type"],
                canteenId: try row["canteen_id"], state: try row["state"], attempts: try row["attempts"],
                nextAttemptAt: try row["next_attempt_at"],
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
