import Calendar
import Kafka
import Logging
import Postgres

/// What a service's consumers set aside: list, look at, replay.
///
/// Works beside the running service: a replay locks the stream as the consumer does.
public struct DeadLetters: Sendable {
    private let service: String
    private let pool: PostgresPool
    private let subscriptions: [Subscription]
    private let logger: Logger

    public init(service: String, pool: PostgresPool, subscriptions: [Subscription], logger: Logger) {
        self.service = service
        self.pool = pool
        self.subscriptions = subscriptions
        self.logger = logger
    }

    private static let columns: SQL = """
        d.id, d.consumer, d.kind, d.topic, d.source, d.event_id, d.type, d.partition_key, d.sequence, d.error,
        d.tries::bigint AS tries, d.failed_at, d.resolved_at, d.record, d.value,
        CASE WHEN d.kind = 'handler_failed' AND d.resolved_at IS NULL THEN (
            SELECT count(*) FROM inbox_waiting w
            WHERE w.consumer = d.consumer AND w.source = d.source AND w.topic = d.topic
              AND w.partition_key = d.partition_key AND w.sequence > d.sequence
        ) ELSE 0 END AS waiting_behind
        """

    /// Oldest first, those after `id`.
    public func list(
        after id: Int64 = 0, limit: Int = 100, includingResolved: Bool = false
    ) async throws -> [DeadLetter] {
        try await pool.query(
            """
            SELECT \(Self.columns) FROM dead_letter d
            WHERE d.id > \(id) AND (\(includingResolved) OR d.resolved_at IS NULL) ORDER BY d.id LIMIT \(limit)
            """
        ) { try Self.letter($0) }
    }

    /// Number of open ones.
    public func count() async throws -> Int {
        try await pool.first("SELECT count(*) AS n FROM dead_letter WHERE resolved_at IS NULL") { try $0["n"] } ?? 0
    }

    public func show(_ id: Int64) async throws -> DeadLetterDetail? {
        guard let (letter, record) = try await find(id) else { return nil }
        return DeadLetterDetail(
            letter: letter, partition: record.partition, offset: record.offset,
            headers: record.headers.map {
                DeadLetterDetail.Header(name: $0.name, value: String(decoding: $0.value, as: UTF8.self))
            },
            value: String(decoding: (record.value ?? []).prefix(65_536), as: UTF8.self))
    }

    /// Handles it again, with all that wait behind it; nil when there is no such dead letter.
    public func replay(_ id: Int64) async throws -> ReplayOutcome? {
        guard let (letter, record) = try await find(id) else { return nil }
        guard letter.resolvedAt == nil else { return .alreadyDone }
        let processor = InboxProcessor(
            service: service, group: letter.consumer, pool: pool, subscriptions: subscriptions, logger: logger)
        return try await processor.replay(record, kind: letter.kind)
    }

    private func find(_ id: Int64) async throws -> (DeadLetter, ReceivedRecord)? {
        try await pool.first("SELECT \(Self.columns) FROM dead_letter d WHERE d.id = \(id)") { row in
            (
                try Self.letter(row),
                try row.json("record", as: StoredRecord.self).received(value: try row["value"])
            )
        }
    }

    private static func letter(_ row: Row) throws -> DeadLetter {
        DeadLetter(
            id: try row["id"], consumer: try row["consumer"], kind: try row["kind"], topic: try row["topic"],
            source: try row["source"], eventId: try row["event_id"], type: try row["type"],
            partitionKey: try row["partition_key"], sequence: try row["sequence"], error: try row["error"],
            tries: try row["tries"], failedAt: try row["failed_at"], resolvedAt: try row["resolved_at"],
            waitingBehind: try row["waiting_behind"])
    }
}
