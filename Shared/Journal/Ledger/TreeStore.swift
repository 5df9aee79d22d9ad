import Postgres

/// Reads hashes of the stored tree: leaves from `journal_leaf`, the levels above from `journal_node`.
struct TreeStore: Sendable {
    /// Number of sequenced entries.
    static func size(_ database: some PostgresExecutor) async throws -> UInt64 {
        let last = try await database.first("SELECT index FROM journal_leaf ORDER BY index DESC LIMIT 1") { row in
            try row["index"] as Int64
        }
        return last.map { UInt64($0) + 1 } ?? 0
    }

    /// Hashes of complete subtrees, in the given order. Every one is made from at most 128 stored hashes.
    static func hashes(
        of subtrees: [MerkleSubtree], _ database: some PostgresExecutor
    ) async throws -> [MerkleHash] {
        var hashes: [MerkleHash] = []
        for subtree in subtrees {
            let level = subtree.height / 8
            let width = 1 << (subtree.height % 8)
            let start = subtree.index << UInt64(subtree.height % 8)
            let row = try await tile(level: level, start: start, width: width, database)
            guard row.count == width else {
                throw LedgerError.incompleteTree(level: level, index: start, found: row.count, expected: width)
            }
            hashes.append(MerkleTree.completeSubtree(row))
        }
        return hashes
    }

    /// One hash over a run of leaves.
    static func hash(over leaves: Range<UInt64>, _ database: some PostgresExecutor) async throws -> MerkleHash {
        MerkleSubtree.fold(try await hashes(of: MerkleSubtree.covering(leaves), database))
    }

    /// One hash over each run of leaves; the hashes of a proof.
    static func hashes(
        over runs: [Range<UInt64>], _ database: some PostgresExecutor
    ) async throws -> [MerkleHash] {
        var result: [MerkleHash] = []
        for run in runs {
            let hash = try await hash(over: run, database)
            result.append(hash)
        }
        return result
    }

    static func root(size: UInt64, _ database: some PostgresExecutor) async throws -> MerkleHash {
        try await hash(over: 0..<size, database)
    }

    static func frontier(size: UInt64, _ database: some PostgresExecutor) async throws -> MerkleFrontier {
        MerkleFrontier(size: size, peaks: try await hashes(of: MerkleSubtree.covering(0..<size), database))
    }

    /// Up to `width` neighbouring hashes of a tile level; fewer where the tree ends.
    static func tile(
        level: Int, start: UInt64, width: Int, _ database: some PostgresExecutor
    ) async throws -> [MerkleHash] {
        let first = Int64(clamping: start)
        let end = Int64(clamping: start + UInt64(width))
        let rows =
            level == 0
            ? try await database.query(
                """
                SELECT leaf_hash AS hash FROM journal_leaf WHERE index >= \(first) AND index < \(end) ORDER BY index
                """
            ) { try MerkleHash(column: try $0["hash"]) }
            : try await database.query(
                """
                SELECT hash FROM journal_node
                WHERE level = \(level) AND index >= \(first) AND index < \(end) ORDER BY index
                """
            ) { try MerkleHash(column: try $0["hash"]) }
        return rows
    }
}
