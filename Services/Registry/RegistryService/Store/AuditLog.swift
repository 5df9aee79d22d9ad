import Calendar
import Postgres
import ServiceKit

/// The registry's journal, newest first.
struct AuditLog: Sendable {
    struct Item: Sendable {
        let position: Int64
        let type: String
        let subject: String
        let actor: String
        let occurredAt: Instant
        let correlationId: String
    }

    let pool: PostgresPool

    func page(_ request: PageRequest) async throws -> PageOf<Item> {
        let total = try await pool.first("SELECT count(*) AS n FROM journal") { row -> Int in try row["n"] }
        let items = try await pool.query(
            """
            SELECT position, type, subject, actor, occurred_at, correlation_id FROM journal
            ORDER BY position DESC LIMIT \(request.size) OFFSET \(request.offset)
            """
        ) { row in
            Item(
                position: try row["position"], type: try row["type"], subject: try row["subject"],
                actor: try row["actor"], occurredAt: try row["occurred_at"],
                correlationId: try row["correlation_id"])
        }
        return PageOf(items, of: request, total: total ?? 0)
    }
}
