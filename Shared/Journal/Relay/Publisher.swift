import Concurrency
import Kafka
import Logging
import Postgres

/// Sends sequenced entries to Kafka in order, waits for every delivery report, and marks what was acknowledged.
actor Publisher {
    /// What a batch led to.
    struct Outcome: Sendable {
        /// The broker numbers its log lower than it did: it lost what it held.
        var logWasLost = false
        var delivered = 0
    }

    private let pool: PostgresPool
    private let kafka: KafkaConfiguration
    private let source: String
    private let logger: Logger
    private let observe: @Sendable (RelayStep) async throws -> Void
    private var producer: KafkaProducer
    /// Offset of the last delivered record, as recorded in the database.
    private var recorded: [TopicPartition: Int64]
    private var clusterId: String?
    /// Partitions whose log the last inspection found shorter than what we recorded.
    private var foundShort: Set<TopicPartition> = []
    private var inspections = 0
    /// Our last offsets in the log that is believed lost, until the first acknowledgement after it.
    private var recordedBeforeLoss: [TopicPartition: Int64] = [:]
    private var endsMislead = false
    private var parked: Set<StreamName>

    struct StreamName: Hashable, Sendable {
        var topic: String
        var partitionKey: String
    }

    init(
        service: String, pool: PostgresPool, kafka: KafkaConfiguration, logger: Logger,
        observe: @escaping @Sendable (RelayStep) async throws -> Void
    ) async throws {
        self.pool = pool
        self.kafka = kafka
        self.logger = logger
        self.observe = observe
        source = JournalEntry.source(service: service)
        let rows = try await pool.query(
            "SELECT topic, partition, log_offset, cluster_id FROM journal_published"
        ) { row in
            (
                TopicPartition(topic: try row["topic"], partition: try row["partition"]),
                try row["log_offset"] as Int64, try row["cluster_id"] as String?
            )
        }
        recorded = Dictionary(rows.map { ($0.0, $0.1) }) { $1 }
        clusterId = rows.compactMap { $0.2 }.first
        parked = try await Self.parkedKeys(pool)
        producer = try KafkaProducer(kafka, logger: logger)
    }

    func close() async {
        await producer.close()
    }

    // MARK: sending

    /// Sends and marks one batch. Entries of parked keys stay pending; log-only entries are only marked.
    /// - Throws: when the database is away or the task is cancelled; nothing is lost then, only unmarked.
    func publish(_ batch: [SequencedEntry]) async throws -> Outcome {
        var outcome = Outcome()
        var done: [Int64] = []
        var offsets: [TopicPartition: Int64] = [:]
        var waiting: [(sequenced: SequencedEntry, record: KafkaRecord)] = []
        for sequenced in batch {
            if let record = KafkaRecord(sequenced, source: source) {
                if !isParked(sequenced) { waiting.append((sequenced, record)) }
            } else {
                done.append(sequenced.entry.position)
            }
        }
        var backoff = Backoff(base: .milliseconds(20), maximum: .seconds(2))
        while !waiting.isEmpty {
            let results = await producer.send(waiting.map(\.record))
            var again: [(sequenced: SequencedEntry, record: KafkaRecord)] = []
            var needsNewProducer = false
            var lastError: KafkaError?
            for (item, result) in zip(waiting, results) {
                switch result {
                case .success(let position):
                    done.append(item.sequenced.entry.position)
                    outcome.delivered += 1
                    let partition = TopicPartition(topic: position.topic, partition: position.partition)
                    // A broker that knows the record already may acknowledge it without telling where it is.
                    guard position.offset >= 0 else { continue }
                    if let known = offsets[partition] ?? recorded[partition], position.offset <= known {
                        outcome.logWasLost = true
                    }
                    offsets[partition] = position.offset
                    noteFirstAfterLoss(partition, position.offset)
                case .failure(let error):
                    if error.isFatal { needsNewProducer = true }
                    lastError = error
                    if Self.refusesTheRecord(error) {
                        try await park(item.sequenced, error)
                    } else {
                        again.append(item)
                    }
                }
            }
            try Task.checkCancellation()
            if needsNewProducer { try await replaceProducer() }
            // Behind a refused record its followers were held back; they stay pending with it.
            waiting = again.filter { !isParked($0.sequenced) }
            guard !waiting.isEmpty, let lastError else { continue }
            logger.warning(
                "not delivered, will send again",
                metadata: ["records": "\(waiting.count)", "error": "\(lastError)"])
            try await Task.sleep(for: backoff.next())
        }
        try await observe(.delivered(count: outcome.delivered))
        try await mark(done, offsets)
        try await observe(.marked(count: done.count))
        return outcome
    }

    /// Sends something that is not a journal entry and needs no mark. False when the broker refuses it.
    func send(_ record: KafkaRecord) async throws -> Bool {
        guard let result = await producer.send([record]).first else { return false }
        switch result {
        case .success: return true
        case .failure(let error):
            try Task.checkCancellation()
            logger.warning("not sent", metadata: ["topic": "\(record.topic)", "error": "\(error)"])
            if error.isFatal { try await replaceProducer() }
            return false
        }
    }

    /// The record itself is not acceptable: no later try will change that. A missing topic or right is another matter:
    /// an operator mends it, and everything waits for that in its order.
    private static func refusesTheRecord(_ error: KafkaError) -> Bool {
        ["MSG_SIZE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_RECORD", "INVALID_MSG_SIZE", "_BAD_MSG"]
            .contains(error.name)
    }

    private func replaceProducer() async throws {
        logger.warning("the producer failed for good, making a new one")
        await producer.close(flush: .zero)
        producer = try KafkaProducer(kafka, logger: logger)
    }

    /// Deletes the pending rows and records where the log stands, in one statement.
    private func mark(_ positions: [Int64], _ offsets: [TopicPartition: Int64]) async throws {
        guard !positions.isEmpty else { return }
        let deletion: SQL = "DELETE FROM journal_pending WHERE position = ANY(\(positions)::bigint[])"
        if offsets.isEmpty {
            try await pool.execute(deletion)
            return
        }
        let rows = Array(offsets)
        try await pool.execute(
            """
            WITH done AS (\(deletion))
            INSERT INTO journal_published (topic, partition, log_offset, cluster_id)
            SELECT topic, partition::int, log_offset, \(clusterId)::text
            FROM unnest(\(rows.map(\.key.topic))::text[], \(rows.map { Int64($0.key.partition) })::bigint[],
                        \(rows.map(\.value))::bigint[])
                 AS e (topic, partition, log_offset)
            ON CONFLICT (topic, partition) DO UPDATE
            SET log_offset = excluded.log_offset, cluster_id = excluded.cluster_id
            """)
        for (partition, offset) in offsets { recorded[partition] = offset }
    }

    // MARK: parked keys

    private static func parkedKeys(_ pool: PostgresPool) async throws -> Set<StreamName> {
        Set(
            try await pool.query("SELECT topic, partition_key FROM journal_parked_key") { row in
                StreamName(topic: try row["topic"], partitionKey: try row["partition_key"])
            })
    }

    private func isParked(_ sequenced: SequencedEntry) -> Bool {
        guard !parked.isEmpty, let stream = sequenced.entry.stream else { return false }
        return parked.contains(StreamName(topic: stream.topic, partitionKey: stream.partitionKey))
    }

    private func park(_ sequenced: SequencedEntry, _ error: KafkaError) async throws {
        guard let stream = sequenced.entry.stream else { return }
        logger.critical(
            "the broker refuses an entry for good, its key is parked",
            metadata: [
                "topic": "\(stream.topic)", "key": "\(stream.partitionKey)", "id": "\(sequenced.entry.id)",
                "error": "\(error)",
            ])
        try await pool.execute(
            """
            INSERT INTO journal_parked_key (topic, partition_key, position, error)
            VALUES (\(stream.topic), \(stream.partitionKey), \(sequenced.entry.position), \(error.description))
            ON CONFLICT DO NOTHING
            """)
        parked.insert(StreamName(topic: stream.topic, partitionKey: stream.partitionKey))
    }

    var parkedCount: Int { parked.count }

    /// True when a person released a key since: its entries are to be sent now.
    func reloadParkedKeys() async throws -> Bool {
        let current = try await Self.parkedKeys(pool)
        defer { parked = current }
        return !parked.subtracting(current).isEmpty
    }

    // MARK: the broker's log

    /// Compares the broker with what is recorded of it: another cluster, or a log that ends before our last record. A
    /// log is taken for short only when two inspections in a row find it so: a partition's new leader may tell less for
    /// a moment than its predecessor acknowledged. A broker that does not answer is no lost log.
    func brokerLostItsLog() async throws -> Bool {
        do {
            let id = try await producer.clusterId()
            // Empty = not told (yet): unknown is not another cluster.
            if !id.isEmpty {
                if let clusterId, clusterId != id { return true }
                clusterId = id
            }
            guard !endsMislead else { return false }
            let short = try await shortPartitions()
            defer { foundShort = short }
            guard !short.isDisjoint(with: foundShort) else { return false }
            recordedBeforeLoss = recorded
            return true
        } catch {
            logger.debug("the broker cannot be inspected", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// A cluster loses its log as a whole, and then the partition with the most records tells it soonest; a topic can be
    /// lost by itself, so that one other partition is looked at each time in turn, and those found short are again.
    private func shortPartitions() async throws -> Set<TopicPartition> {
        guard let longest = recorded.max(by: { $0.value < $1.value })?.key else { return [] }
        let others = recorded.keys.sorted()
        inspections += 1
        var short: Set<TopicPartition> = []
        for partition in foundShort.union([longest, others[inspections % others.count]]) {
            guard let offset = recorded[partition] else { continue }
            let high = try await producer.watermarks(topic: partition.topic, partition: partition.partition).high
            if high <= offset {
                short.insert(partition)
                logger.notice(
                    "the broker's log ends before what it acknowledged",
                    metadata: ["partition": "\(partition)", "acknowledged": "\(offset)", "end": "\(high)"])
            }
        }
        return short
    }

    /// The proof of a lost log is that its numbers are given anew. A broker that goes on counting where it was has lost
    /// nothing: what it tells about its ends is not believed again in this term.
    private func noteFirstAfterLoss(_ partition: TopicPartition, _ offset: Int64) {
        guard let known = recordedBeforeLoss.removeValue(forKey: partition), offset > known else { return }
        endsMislead = true
        recordedBeforeLoss = [:]
        logger.error(
            "the broker tells too low an end of its log; only its acknowledgements are believed from now on",
            metadata: ["partition": "\(partition)", "acknowledged": "\(offset)"])
    }

    /// What was recorded of the lost log no longer means anything.
    func forgetLog() async throws {
        try await pool.execute("DELETE FROM journal_published")
        recorded = [:]
        clusterId = nil
        foundShort = []
    }
}
