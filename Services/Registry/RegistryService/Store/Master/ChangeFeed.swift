import Access
import Calendar
import Contracts
import Postgres

/// What was published, in the order of the journal's leaves: gap-free, so that a reader who keeps one number misses nothing.
struct ChangeFeed: Sendable {
    struct Entry: Sendable {
        let index: Int64
        let id: String
        let type: String
        let subject: String
        let time: Instant
        /// The exact bytes that were published.
        let data: [UInt8]
    }

    struct Page: Sendable {
        let entries: [Entry]
        /// Entries from here on that the person may see, these included.
        let total: Int
        /// What to ask for next.
        let next: Int64
    }

    let pool: PostgresPool

    /// Organs' facts for everybody, canteens' for those in whose reach the canteen is. Persons' are not in the feed.
    func page(since: Int64, limit: Int, for principal: Principal) async throws -> Page {
        try await pool.transaction { transaction in
            let head = try await transaction.first(
                "SELECT coalesce(max(index) + 1, 0) AS head FROM journal_leaf"
            ) { row -> Int64 in try row["head"] }
            let source: SQL = """
                FROM journal_leaf l JOIN journal j USING (position)
                WHERE l.index >= \(since) AND l.index < \(head ?? 0) AND j.topic IS NOT NULL
                    AND (j.type = \(OrganRegistered.type) OR j.partition_key IN
                         (SELECT c.id FROM canteen c JOIN institution i ON i.id = c.institution_id
                          WHERE \(RegisterScope.condition(principal))))
                """
            let total = try await transaction.first("SELECT count(*) AS n \(source)") { row -> Int in try row["n"] }
            let entries = try await transaction.query(
                """
                SELECT l.index, j.id::text AS id, j.type, j.subject, j.occurred_at, j.data \(source)
                ORDER BY l.index LIMIT \(limit)
                """
            ) { row in
                Entry(
                    index: try row["index"], id: try row["id"], type: try row["type"], subject: try row["subject"],
                    time: try row["occurred_at"], data: try row["data"])
            }
            let isLast = entries.count == total ?? 0
            let next = isLast ? max(since, head ?? 0) : (entries.last?.index ?? since) + 1
            return Page(entries: entries, total: total ?? 0, next: next)
        }
    }
}
