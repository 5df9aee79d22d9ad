import Postgres

/// A leaf as stored, and what its journal row hashes to.
struct RecomputedLeaf: Sendable {
    var index: UInt64
    var position: Int64
    var stored: MerkleHash
    /// nil when the row is gone.
    var computed: MerkleHash?
    var id: String?
    var type: String?
    var stream: JournalEntry.Stream?

    /// Leaves `start ..< end` in order, with their rows.
    static func read(
        _ leaves: Range<UInt64>, source: String, _ database: some PostgresExecutor
    ) async throws -> [RecomputedLeaf] {
        try await database.query(
            """
            SELECT l.index, l.position AS leaf_position, l.leaf_hash, \(JournalEntry.columns)
            FROM journal_leaf l LEFT JOIN journal j USING (position)
            WHERE l.index >= \(Int64(leaves.lowerBound)) AND l.index < \(Int64(leaves.upperBound)) ORDER BY l.index
            """
        ) { row in
            let index: Int64 = try row["index"]
            let stored = try MerkleHash(column: try row["leaf_hash"])
            guard try !row.isNull("id") else {
                return RecomputedLeaf(index: UInt64(index), position: try row["leaf_position"], stored: stored)
            }
            let entry = try JournalEntry(row)
            return RecomputedLeaf(
                index: UInt64(index), position: entry.position, stored: stored,
                computed: entry.leafHash(source: source), id: entry.id, type: entry.type, stream: entry.stream)
        }
    }
}
