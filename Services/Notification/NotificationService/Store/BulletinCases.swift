import Calendar
import Contracts
import Postgres

/// What happened in a period and could have led to an automatic bulletin: the events as they were kept.
enum BulletinCases {
    static func between(
        _ from: Instant, _ to: Instant, _ executor: some PostgresExecutor
    ) async throws -> [BulletinDryRun.Case] {
        let rows = try await executor.query(
            """
            SELECT * FROM (
                SELECT e.event_id, e.occurred_at, t.canteen_id, e.facts AS basis,
                       CASE e.kind WHEN 'problem_overdue' THEN 'problem_overdue' ELSE 'problem_found' END AS cause,
                       (SELECT f.facts FROM thread_entry f
                        WHERE f.thread_id = t.thread_id AND f.kind = 'problem_found' LIMIT 1) AS finding
                FROM thread_entry e JOIN thread t ON t.thread_id = e.thread_id
                WHERE e.kind IN ('problem_found', 'problem_overdue')
                UNION ALL
                SELECT b.basis_event_id, b.created_at, b.canteen_id, b.basis, b.cause, NULL
                FROM bulletin b WHERE b.cause = 'not_connected' AND b.basis IS NOT NULL
            ) c
            WHERE occurred_at >= \(from) AND occurred_at < \(to) ORDER BY occurred_at, event_id
            """
        ) { row in
            Found(
                eventId: try row["event_id"], occurredAt: try row["occurred_at"], canteenId: try row["canteen_id"],
                basis: try BulletinQueue.basis(from: row))
        }
        let canteens = try await RegistryStore.canteens(Array(Set(rows.map(\.canteenId))), executor)
        return rows.compactMap { row in
            canteens[row.canteenId].map {
                BulletinDryRun.Case(eventId: row.eventId, occurredAt: row.occurredAt, canteen: $0, basis: row.basis)
            }
        }
    }

    private struct Found: Sendable {
        let eventId: String
        let occurredAt: Instant
        let canteenId: CanteenID
        let basis: BulletinBasis
    }
}
