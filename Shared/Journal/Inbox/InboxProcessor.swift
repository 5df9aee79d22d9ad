import Concurrency
import Contracts
import Kafka
import Logging
import Postgres

/// Takes in records: effect, dedupe and order guard in one transaction.
///
/// A batch goes into one transaction. When that fails, its records go in one by one; a record whose handler fails at
/// every try parks its stream, and the others go on.
struct InboxProcessor: Sendable {
    /// A failing record is tried this often …
    static let maximumTries = 5
    /// … and all retries of one batch together wait at most this long; `max.poll.interval.ms` is five minutes.
    static let retryBudget: Duration = .seconds(20)
    /// Limit of one batch transaction, and of one handler call in single file.
    static let handlerDeadline: Duration = .seconds(30)

    let service: String
    let pool: PostgresPool
    let store: InboxStore
    private let subscriptions: [String: Subscription]
    private let knownTypes: Set<String>
    private let logger: Logger
    private let metrics: InboxMetrics

    init(service: String, group: String, pool: PostgresPool, subscriptions: [Subscription], logger: Logger) {
        self.service = service
        self.pool = pool
        store = InboxStore(consumer: group)
        self.subscriptions = Dictionary(subscriptions.map { ($0.type, $0) }) { $1 }
        knownTypes = EventCatalogue.types
        self.logger = logger
        metrics = InboxMetrics(consumer: group)
    }

    func read(_ record: ReceivedRecord) -> IncomingRecord {
        IncomingRecord(record, subscriptions: subscriptions, knownTypes: knownTypes, service: service)
    }

    /// Takes in the records in order. Gives the partitions in which a record is missing before one that came.
    /// - Throws: only what is not the records' fault (database away, cancellation); nothing is stored for the rest
    /// then.
    func process(_ records: [ReceivedRecord]) async throws -> Set<TopicPartition> {
        let batch = records.map(read)
        let gaps: Set<StreamKey>
        do {
            gaps = try await transact(batch) { turn in
                for incoming in batch { try await turn.take(incoming, draining: true) }
            }
        } catch let error where Self.isForeign(error) {
            throw error
        } catch {
            logger.notice("batch failed, taking its records one by one", metadata: ["error": "\(error)"])
            gaps = try await processInSingleFile(batch)
        }
        guard !gaps.isEmpty else { return [] }
        return Set(
            batch.filter { incoming in incoming.envelope.map { gaps.contains($0.stream) } ?? false }
                .map(\.record.topicPartition))
    }

    private func processInSingleFile(_ batch: [IncomingRecord]) async throws -> Set<StreamKey> {
        let retriesEnd = ContinuousClock.now + Self.retryBudget
        var gaps: Set<StreamKey> = []
        for incoming in batch {
            gaps.formUnion(try await insist(on: .new(incoming), until: retriesEnd))
            guard let envelope = incoming.envelope, envelope.sequence != nil else { continue }
            try await takeFollowers(of: envelope.stream, until: retriesEnd)
        }
        // A record later in the batch may have filled a gap.
        return gaps
    }

    /// One attempt in single file: a record from the topic, or the kept one whose turn it is.
    enum Step: Sendable {
        case new(IncomingRecord)
        case kept(StreamKey)
    }

    @discardableResult
    func takeFollowers(of key: StreamKey, until retriesEnd: ContinuousClock.Instant) async throws -> Int {
        var count = 0
        while try await hasNext(key) {
            _ = try await insist(on: .kept(key), until: retriesEnd)
            count += 1
        }
        return count
    }

    private func hasNext(_ key: StreamKey) async throws -> Bool {
        try await pool.transaction { transaction in
            try await store.lock([key], transaction)[key]?.next != nil
        }
    }

    private func insist(on step: Step, until retriesEnd: ContinuousClock.Instant) async throws -> Set<StreamKey> {
        var backoff = Backoff(base: .milliseconds(50), maximum: .seconds(2))
        var tries = 0
        while true {
            do {
                return try await attempt(step)
            } catch let error where Self.isForeign(error) {
                throw error
            } catch {
                tries += 1
                if tries >= Self.maximumTries || ContinuousClock.now >= retriesEnd {
                    try await park(step, error: error, tries: tries)
                    return []
                }
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    private func attempt(_ step: Step) async throws -> Set<StreamKey> {
        switch step {
        case .new(let incoming):
            try await transact([incoming]) { try await $0.take(incoming, draining: false) }
        case .kept(let key):
            try await transact([], locking: key) { _ = try await $0.takeKept(key) }
        }
    }

    private func park(_ step: Step, error: any Error, tries: Int) async throws {
        try await pool.transaction { transaction in
            switch step {
            case .new(let incoming):
                try await park(incoming, error, tries, transaction)
            case .kept(let key):
                var turn = try await InboxTurn([], locking: key, store: store, transaction, read: read)
                guard let sequence = turn.progress(key)?.next,
                    let record = try await store.waiting(key, sequence, transaction)
                else { return }
                turn.park(key, failed: nil)
                try await setAside(read(record), error, tries, transaction)
                _ = try await turn.finish()
            }
        }
        metrics.parked.increment()
    }

    private func park(
        _ incoming: IncomingRecord, _ error: any Error, _ tries: Int, _ transaction: PostgresTransaction
    ) async throws {
        // Locks the stream, or marks the id as seen.
        var turn = try await InboxTurn([incoming], store: store, transaction, read: read)
        if let envelope = incoming.envelope, let sequence = envelope.sequence {
            guard turn.progress(envelope.stream)?.verdict(for: sequence) == .apply else { return }
            turn.park(envelope.stream, failed: incoming)
        }
        try await setAside(incoming, error, tries, transaction)
        _ = try await turn.finish()
    }

    private func setAside(
        _ incoming: IncomingRecord, _ error: any Error, _ tries: Int, _ transaction: PostgresTransaction
    ) async throws {
        logger.error(
            "handler failed for good, record set aside",
            metadata: [
                "type": "\(incoming.envelope?.type ?? "-")", "id": "\(incoming.envelope?.id ?? "-")",
                "key": "\(incoming.envelope?.partitionKey ?? "-")", "tries": "\(tries)", "error": "\(error)",
            ])
        try await store.setAside(
            incoming, .handlerFailed, error: String(describing: error), tries: tries, transaction)
    }

    /// One transaction around a turn.
    private func transact(
        _ batch: [IncomingRecord], locking key: StreamKey? = nil,
        _ body: @escaping @Sendable (inout InboxTurn) async throws -> Void
    ) async throws -> Set<StreamKey> {
        let (gaps, tally) = try await withDeadline(Self.handlerDeadline) {
            try await pool.transaction { transaction in
                var turn = try await InboxTurn(batch, locking: key, store: store, transaction, read: read)
                try await body(&turn)
                let gaps = try await turn.finish()
                return (gaps, turn.tally)
            }
        }
        metrics.count(tally)
        return gaps
    }

    /// Not the record's fault: trying again later is right, however long it takes.
    static func isForeign(_ error: any Error) -> Bool {
        if error is CancellationError { return true }
        guard let error = error as? PostgresError else { return false }
        return error.isConnectionLost || error.isOutcomeUnknown || error.isSerializationFailure
            || error.code.hasPrefix("53") || error.code == PostgresError.acquireTimeout
            || error.code == PostgresError.poolClosed
    }
}
