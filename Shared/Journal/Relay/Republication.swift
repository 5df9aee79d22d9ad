import Postgres

/// The request to send entries again, as stored: from `next` up to but without `end`.
struct Republication: Sendable, Hashable {
    var next: UInt64
    var end: UInt64

    static func requested(_ database: some PostgresExecutor) async throws -> Republication? {
        try await database.first("SELECT next_index, until_index FROM journal_republish") { row in
            let next: Int64 = try row["next_index"]
            let end: Int64 = try row["until_index"]
            return Republication(next: UInt64(next), end: UInt64(end))
        }
    }

    /// A request that is under way already is widened, not lost.
    static func request(from first: UInt64, reason: String, _ database: some PostgresExecutor) async throws {
        try await database.execute(
            """
            INSERT INTO journal_republish (next_index, until_index, reason)
            SELECT \(Int64(first)), coalesce(max(index) + 1, 0), \(reason) FROM journal_leaf
            ON CONFLICT (only_one) DO UPDATE
            SET next_index = least(journal_republish.next_index, excluded.next_index),
                until_index = greatest(journal_republish.until_index, excluded.until_index), reason = excluded.reason
            """)
    }

    static func advance(to next: UInt64, _ database: some PostgresExecutor) async throws {
        try await database.execute("UPDATE journal_republish SET next_index = \(Int64(next))")
    }

    static func finish(_ database: some PostgresExecutor) async throws {
        try await database.execute("DELETE FROM journal_republish")
    }
}
