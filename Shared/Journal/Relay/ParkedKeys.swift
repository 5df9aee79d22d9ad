import Calendar
import Postgres

/// Keys whose entries the broker refuses for good (too large for the topic, say). Their entries stay pending.
public struct ParkedKeys: Sendable {
    public struct Key: Sendable, Codable, Hashable {
        public var topic: String
        public var partitionKey: String
        /// Journal position of the refused entry.
        public var position: Int64
        public var error: String
        public var parkedAt: Instant
    }

    private let database: PostgresPool

    public init(database: PostgresPool) {
        self.database = database
    }

    public func list() async throws -> [Key] {
        try await database.query(
            """
            SELECT topic, partition_key, position, error, parked_at FROM journal_parked_key
            ORDER BY parked_at, topic, partition_key
            """
        ) { row in
            Key(
                topic: try row["topic"], partitionKey: try row["partition_key"], position: try row["position"],
                error: try row["error"], parkedAt: try row["parked_at"])
        }
    }

    /// The relay tries the key's entries again, in order. False when it was not parked.
    public func release(topic: String, partitionKey: String) async throws -> Bool {
        try await database.execute(
            "DELETE FROM journal_parked_key WHERE topic = \(topic) AND partition_key = \(partitionKey)") > 0
    }
}
