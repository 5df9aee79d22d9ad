import Postgres

/// What is in a journal besides the leaves that were verified, as of one snapshot.
struct JournalTail: Sendable {
    struct Stray: Sendable {
        var position: Int64
        var id: String
        var type: String
    }

    struct StreamPoint: Sendable {
        var topic: String
        var partitionKey: String
        var sequence: Int64
    }

    /// Entries that wait for their leaf.
    var unsequenced: Int
    /// Entries that have no leaf and do not wait for one.
    var outsideTree: [Stray]
    var pendingWithoutEntry: [Int64]
    /// Published entries that were not among the verified leaves.
    var newEntries: [StreamPoint]
    var heads: [StreamPoint]

    /// - Parameter thoroughly: look for stray rows even if the counts agree (one more, one less).
    static func read(
        beyond size: UInt64, thoroughly: Bool, _ transaction: PostgresTransaction
    ) async throws -> JournalTail {
        let counts = try await transaction.first(
            """
            SELECT (SELECT count(*) FROM journal) AS entries, (SELECT count(*) FROM journal_leaf) AS leaves,
                   (SELECT count(*) FROM journal_pending p
                    WHERE NOT EXISTS (SELECT FROM journal_leaf l WHERE l.position = p.position)) AS unsequenced
            """
        ) {
            (entries: try $0["entries"] as Int, leaves: try $0["leaves"] as Int, waiting: try $0["unsequenced"] as Int)
        }
        guard let counts else { throw LedgerError.malformedCheckpoint("no counts") }
        let isSuspicious = thoroughly || counts.entries != counts.leaves + counts.waiting
        return JournalTail(
            unsequenced: counts.waiting,
            outsideTree: isSuspicious ? try await strays(transaction) : [],
            pendingWithoutEntry: try await transaction.query(
                """
                SELECT position FROM journal_pending p
                WHERE NOT EXISTS (SELECT FROM journal j WHERE j.position = p.position) ORDER BY position LIMIT 1000
                """
            ) { try $0["position"] },
            newEntries: try await transaction.query(
                """
                SELECT j.topic, j.partition_key, j.sequence
                FROM journal_leaf l JOIN journal j USING (position)
                WHERE l.index >= \(Int64(size)) AND j.topic IS NOT NULL
                UNION ALL
                SELECT j.topic, j.partition_key, j.sequence
                FROM journal_pending p JOIN journal j USING (position)
                WHERE j.topic IS NOT NULL AND NOT EXISTS (SELECT FROM journal_leaf l WHERE l.position = p.position)
                """
            ) { try StreamPoint($0) },
            heads: try await transaction.query(
                "SELECT topic, partition_key, version AS sequence FROM journal_stream"
            ) { try StreamPoint($0) })
    }

    private static func strays(_ transaction: PostgresTransaction) async throws -> [Stray] {
        try await transaction.query(
            """
            SELECT position, id, type FROM journal j
            WHERE NOT EXISTS (SELECT FROM journal_leaf l WHERE l.position = j.position)
              AND NOT EXISTS (SELECT FROM journal_pending p WHERE p.position = j.position)
            ORDER BY position LIMIT 1000
            """
        ) { row in Stray(position: try row["position"], id: try row["id"], type: try row["type"]) }
    }
}

extension JournalTail.StreamPoint {
    fileprivate init(_ row: Row) throws {
        self.init(
            topic: try row["topic"], partitionKey: try row["partition_key"], sequence: try row["sequence"])
    }
}
