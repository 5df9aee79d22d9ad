import Postgres

/// Gives journal entries their place in the tree: reads pending ones by position, hashes, stores leaves and tile nodes.
///
/// Works on the connection that holds the schema's relay lock, so that losing the lock and losing the ability to write
/// are the same event. The primary key of `journal_leaf` is the second line: two relays cannot give one index twice.
actor Sequencer {
    private let connection: PostgresConnection
    private let source: String
    private let batchSize: Int
    private(set) var frontier: MerkleFrontier
    private var floor = PendingFloor()

    /// Entries above which it is worth to ask how far the floor may rise.
    private static let floorThreshold = 256

    /// Reads the right edge of the stored tree.
    init(_ connection: PostgresConnection, service: String, batchSize: Int) async throws {
        self.connection = connection
        self.batchSize = batchSize
        source = JournalEntry.source(service: service)
        // What is asked for here is always a few rows by key. Without statistics (a young table, a bulk load) the
        // planner might choose to read whole tables instead.
        try await connection.execute(
            """
            SELECT set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false),
                   set_config('enable_mergejoin', 'off', false)
            """)
        frontier = try await TreeStore.frontier(size: TreeStore.size(connection), connection)
    }

    /// Sequences the next entries in the order of their positions. Empty when there are none.
    func next() async throws -> [SequencedEntry] {
        let entries = try await connection.query(
            """
            SELECT \(JournalEntry.columns)
            FROM (
                SELECT position FROM journal_pending p
                WHERE position >= \(floor.position)
                  AND NOT EXISTS (SELECT FROM journal_leaf l WHERE l.position = p.position)
                ORDER BY position LIMIT \(batchSize)
            ) p JOIN journal j USING (position)
            ORDER BY position
            """
        ) { try JournalEntry($0) }
        guard let last = entries.last else { return [] }
        var grown = frontier
        var hashes: [UInt8] = []
        hashes.reserveCapacity(entries.count * MerkleHash.byteCount)
        var nodes: [MerkleFrontier.Node] = []
        for entry in entries {
            let hash = entry.leafHash(source: source)
            hash.withUnsafeBytes { hashes.append(contentsOf: $0) }
            nodes += grown.append(hash)
        }
        let first = frontier.size
        try await store(positions: entries.map(\.position), hashes: hashes, first: first, nodes: nodes)
        frontier = grown
        floor.swept(upTo: entries.count < batchSize ? nil : last.position)
        if entries.count >= Self.floorThreshold { floor.observe(try await observation()) }
        return entries.enumerated().map { SequencedEntry(index: first + UInt64($0.offset), entry: $0.element) }
    }

    private func store(
        positions: [Int64], hashes: [UInt8], first: UInt64, nodes: [MerkleFrontier.Node]
    ) async throws {
        let leaves: SQL = """
            INSERT INTO journal_leaf (index, position, leaf_hash)
            SELECT \(Int64(first)) + n - 1, position, substring(\(hashes)::bytea FROM (32 * (n - 1) + 1)::int FOR 32)
            FROM unnest(\(positions)::bigint[]) WITH ORDINALITY AS e (position, n)
            """
        guard !nodes.isEmpty else {
            try await connection.execute(leaves)
            return
        }
        try await connection.execute(
            """
            WITH leaves AS (\(leaves))
            INSERT INTO journal_node (level, index, hash)
            SELECT level, index, hash
            FROM unnest(\(nodes.map { Int64($0.level) })::bigint[], \(nodes.map { Int64($0.index) })::bigint[],
                        \(nodes.map(\.hash.bytes))::bytea[]) AS e (level, index, hash)
            """)
    }

    private func observation() async throws -> PendingFloor.Observation {
        let observation = try await connection.first(
            """
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS snapshot_start,
                   pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS snapshot_end,
                   (SELECT last_value FROM journal_position) AS last_position
            """
        ) { row in
            PendingFloor.Observation(
                snapshotStart: try row["snapshot_start"], snapshotEnd: try row["snapshot_end"],
                lastPosition: try row["last_position"])
        }
        guard let observation else { throw LedgerError.malformedCheckpoint("no snapshot") }
        return observation
    }

    /// Entries that an earlier relay sequenced and that are still pending, from `index` on.
    func unsent(from index: UInt64) async throws -> [SequencedEntry] {
        try await connection.query(
            """
            WITH unsent AS MATERIALIZED (
                SELECT l.index, position FROM journal_pending p JOIN journal_leaf l USING (position)
                WHERE l.index >= \(Int64(index))
            ), first AS MATERIALIZED (SELECT index, position FROM unsent ORDER BY index LIMIT \(batchSize))
            SELECT l.index, \(JournalEntry.columns) FROM first l JOIN journal j USING (position) ORDER BY l.index
            """
        ) { row in
            let index: Int64 = try row["index"]
            return SequencedEntry(index: UInt64(index), entry: try JournalEntry(row))
        }
    }

    /// Published entries in the order of the tree; for sending again.
    func published(from index: UInt64, until end: UInt64) async throws -> [SequencedEntry] {
        try await connection.query(
            """
            SELECT l.index, \(JournalEntry.columns)
            FROM journal_leaf l JOIN journal j USING (position)
            WHERE l.index >= \(Int64(index)) AND l.index < \(Int64(end)) AND j.topic IS NOT NULL
            ORDER BY l.index LIMIT \(batchSize)
            """
        ) { row in
            let index: Int64 = try row["index"]
            return SequencedEntry(index: UInt64(index), entry: try JournalEntry(row))
        }
    }
}
