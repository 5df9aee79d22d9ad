import Crypto
import Kafka
import Postgres

/// The inbox tables of one consumer group. Every function is one statement of the caller's transaction.
struct InboxStore: Sendable {
    let consumer: String

    /// Locks the streams, those never seen before as well, so that no other member decides on them meanwhile.
    func lock(
        _ keys: Set<StreamKey>, _ transaction: PostgresTransaction
    ) async throws -> [StreamKey: StreamProgress] {
        guard !keys.isEmpty else { return [:] }
        var found = try await lockExisting(Array(keys), transaction)
        let missing = keys.subtracting(found.keys)
        if !missing.isEmpty {
            let created = try await create(Array(missing), transaction)
            for key in created { found[key] = LockedStream(progress: StreamProgress(), waiting: 0) }
            // Created by another member between the two statements: its row is there now.
            let raced = missing.subtracting(created)
            if !raced.isEmpty {
                found.merge(try await lockExisting(Array(raced), transaction)) { $1 }
            }
        }
        let withWaiting = found.filter { $0.value.waiting > 0 }.map(\.key)
        let waiting = withWaiting.isEmpty ? [:] : try await waitingSequences(withWaiting, transaction)
        var progress: [StreamKey: StreamProgress] = [:]
        for (key, stream) in found {
            progress[key] = StreamProgress(
                version: stream.progress.version, isParked: stream.progress.isParked, waiting: waiting[key] ?? [])
        }
        return progress
    }

    private struct LockedStream: Sendable {
        var progress: StreamProgress
        var waiting: Int
    }

    private func lockExisting(
        _ keys: [StreamKey], _ transaction: PostgresTransaction
    ) async throws -> [StreamKey: LockedStream] {
        let rows = try await transaction.query(
            """
            SELECT s.source, s.topic, s.partition_key, s.version, s.parked, s.waiting::bigint AS waiting
            FROM inbox_stream s
            JOIN unnest(\(keys.map(\.source))::text[], \(keys.map(\.topic))::text[],
                        \(keys.map(\.partitionKey))::text[]) AS k (source, topic, partition_key)
                USING (source, topic, partition_key)
            WHERE s.consumer = \(consumer)
            ORDER BY s.source, s.topic, s.partition_key
            FOR UPDATE OF s
            """
        ) { row in
            (
                StreamKey(source: try row["source"], topic: try row["topic"], partitionKey: try row["partition_key"]),
                LockedStream(
                    progress: StreamProgress(version: try row["version"], isParked: try row["parked"]),
                    waiting: try row["waiting"])
            )
        }
        return Dictionary(rows) { $1 }
    }

    private func create(_ keys: [StreamKey], _ transaction: PostgresTransaction) async throws -> [StreamKey] {
        try await transaction.query(
            """
            INSERT INTO inbox_stream (consumer, source, topic, partition_key, version)
            SELECT \(consumer)::text, source, topic, partition_key, 0
            FROM unnest(\(keys.map(\.source))::text[], \(keys.map(\.topic))::text[],
                        \(keys.map(\.partitionKey))::text[]) AS k (source, topic, partition_key)
            ORDER BY source, topic, partition_key
            ON CONFLICT DO NOTHING
            RETURNING source, topic, partition_key
            """
        ) { row in
            StreamKey(source: try row["source"], topic: try row["topic"], partitionKey: try row["partition_key"])
        }
    }

    private func waitingSequences(
        _ keys: [StreamKey], _ transaction: PostgresTransaction
    ) async throws -> [StreamKey: Set<Int64>] {
        let rows = try await transaction.query(
            """
            SELECT w.source, w.topic, w.partition_key, w.sequence
            FROM inbox_waiting w
            JOIN unnest(\(keys.map(\.source))::text[], \(keys.map(\.topic))::text[],
                        \(keys.map(\.partitionKey))::text[]) AS k (source, topic, partition_key)
                USING (source, topic, partition_key)
            WHERE w.consumer = \(consumer)
            """
        ) { row -> (StreamKey, Int64) in
            (
                StreamKey(source: try row["source"], topic: try row["topic"], partitionKey: try row["partition_key"]),
                try row["sequence"]
            )
        }
        var waiting: [StreamKey: Set<Int64>] = [:]
        for (key, sequence) in rows { waiting[key, default: []].insert(sequence) }
        return waiting
    }

    func save(_ streams: [StreamKey: StreamProgress], _ transaction: PostgresTransaction) async throws {
        guard !streams.isEmpty else { return }
        let streams = Array(streams)
        try await transaction.execute(
            """
            UPDATE inbox_stream s SET version = k.version, parked = k.parked, waiting = k.waiting
            FROM unnest(\(streams.map(\.key.source))::text[], \(streams.map(\.key.topic))::text[],
                        \(streams.map(\.key.partitionKey))::text[], \(streams.map(\.value.version))::bigint[],
                        \(streams.map(\.value.isParked))::boolean[],
                        \(streams.map { Int64($0.value.waiting.count) })::bigint[])
                 AS k (source, topic, partition_key, version, parked, waiting)
            WHERE s.consumer = \(consumer) AND s.source = k.source AND s.topic = k.topic
              AND s.partition_key = k.partition_key
            """)
    }

    func keep(_ records: [(StreamKey, Int64, ReceivedRecord)], _ transaction: PostgresTransaction) async throws {
        for (key, sequence, record) in records {
            try await transaction.execute(
                """
                INSERT INTO inbox_waiting (consumer, source, topic, partition_key, sequence, record, value)
                VALUES (\(consumer), \(key.source), \(key.topic), \(key.partitionKey), \(sequence),
                        \(json: StoredRecord(record)), \(record.value ?? []))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    /// A kept record, left where it is.
    func waiting(
        _ key: StreamKey, _ sequence: Int64, _ transaction: PostgresTransaction
    ) async throws -> ReceivedRecord? {
        try await transaction.first(
            """
            SELECT record, value FROM inbox_waiting
            WHERE consumer = \(consumer) AND source = \(key.source) AND topic = \(key.topic)
              AND partition_key = \(key.partitionKey) AND sequence = \(sequence)
            """
        ) { row in
            try row.json("record", as: StoredRecord.self).received(value: try row["value"])
        }
    }

    /// Takes a kept record out.
    func takeWaiting(
        _ key: StreamKey, _ sequence: Int64, _ transaction: PostgresTransaction
    ) async throws -> ReceivedRecord? {
        try await transaction.first(
            """
            DELETE FROM inbox_waiting
            WHERE consumer = \(consumer) AND source = \(key.source) AND topic = \(key.topic)
              AND partition_key = \(key.partitionKey) AND sequence = \(sequence)
            RETURNING record, value
            """
        ) { row in
            try row.json("record", as: StoredRecord.self).received(value: try row["value"])
        }
    }

    /// Marks events of producers without sequence as taken in; gives those that are new.
    func markSeen(
        _ events: [EventIdentity], _ transaction: PostgresTransaction
    ) async throws -> Set<EventIdentity> {
        guard !events.isEmpty else { return [] }
        let rows = try await transaction.query(
            """
            INSERT INTO inbox_seen (consumer, source, event_id)
            SELECT \(consumer)::text, source, event_id
            FROM unnest(\(events.map(\.source))::text[], \(events.map(\.id))::text[]) AS e (source, event_id)
            ORDER BY source, event_id
            ON CONFLICT DO NOTHING
            RETURNING source, event_id
            """
        ) { row in EventIdentity(source: try row["source"], id: try row["event_id"]) }
        return Set(rows)
    }

    /// Ids of records that no topic holds any more: device topics keep a week, alerts a month (`topics.yaml`).
    func forgetSeen(_ database: some PostgresExecutor) async throws {
        try await database.execute(
            "DELETE FROM inbox_seen WHERE consumer = \(consumer) AND seen_at < now() - interval '45 days'")
    }

    /// The same record read again adds nothing.
    func setAside(
        _ incoming: IncomingRecord, _ kind: DeadLetterKind, error: String, tries: Int,
        _ transaction: PostgresTransaction
    ) async throws {
        let record = incoming.record
        let source = incoming.envelope?.source
        let eventId = incoming.envelope?.id
        let type = incoming.envelope?.type
        let partitionKey = incoming.envelope?.partitionKey
        let sequence = incoming.envelope?.sequence
        try await transaction.execute(
            """
            INSERT INTO dead_letter (consumer, kind, topic, source, event_id, type, partition_key, sequence,
                                     record, value, error, tries, fingerprint)
            VALUES (\(consumer), \(kind), \(record.topic), \(source), \(eventId), \(type), \(partitionKey),
                    \(sequence), \(json: StoredRecord(record)), \(record.value ?? []), \(Self.printable(error)),
                    \(tries), \(Self.fingerprint(record)))
            ON CONFLICT (consumer, fingerprint) DO UPDATE
            SET kind = excluded.kind, error = excluded.error, tries = dead_letter.tries + excluded.tries,
                failed_at = excluded.failed_at, resolved_at = NULL
            WHERE dead_letter.kind <> excluded.kind OR excluded.kind = 'handler_failed'
            """)
    }

    func resolve(_ record: ReceivedRecord, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE dead_letter SET resolved_at = now()
            WHERE consumer = \(consumer) AND fingerprint = \(Self.fingerprint(record)) AND resolved_at IS NULL
            """)
    }

    /// Streams that are parked, and streams that lack a record.
    func counts(_ database: some PostgresExecutor) async throws -> (parked: Int, incomplete: Int) {
        try await database.first(
            """
            SELECT count(*) FILTER (WHERE parked) AS parked, count(*) FILTER (WHERE NOT parked) AS incomplete
            FROM inbox_stream WHERE consumer = \(consumer) AND (parked OR waiting > 0)
            """
        ) { (try $0["parked"], try $0["incomplete"]) } ?? (0, 0)
    }

    /// Error texts may quote input: no NUL, which Postgres refuses, and no endless text.
    private static func printable(_ text: String) -> String {
        String(text.prefix(2_000)).replacing("\0", with: "\u{FFFD}")
    }

    /// Partition and offset are left out: a republished record has others.
    static func fingerprint(_ record: ReceivedRecord) -> [UInt8] {
        var hasher = SHA256()
        func add(_ bytes: [UInt8]) {
            withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { hasher.update(bufferPointer: $0) }
            hasher.update(data: bytes)
        }
        add(Array(record.topic.utf8))
        add(record.key ?? [])
        add(record.value ?? [])
        for header in record.headers where header.name != "ce_journalindex" {
            add(Array(header.name.utf8))
            add(header.value)
        }
        return Array(hasher.finalize())
    }
}
