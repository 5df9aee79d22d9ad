import Concurrency
import Contracts
import Kafka
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Synchronization

/// A member of a service's consumer group: takes events from Kafka into the service's schema.
///
/// Each event has its effect once and in the order of its stream, whatever the broker does: duplicates, redelivery
/// after a crash, a log that was lost and published again. Offsets are stored after the commit.
public final class EventConsumer: Service {
    /// What happened to a batch; where a fault can be injected, and where progress can be watched.
    public enum Step: Hashable, Sendable {
        case received(count: Int)
        case committed(count: Int)
        case offsetsStored(count: Int)
    }

    public let group: String
    private let kafka: KafkaConfiguration
    private let topics: [String]
    private let pool: PostgresPool
    private let processor: InboxProcessor
    private let logger: Logger
    private let observe: @Sendable (Step) async throws -> Void
    private let current = Mutex(ConsumerStatus())
    private let stopping = Atomic(false)
    private let stop = Signal()
    /// When the ids of long ago are to be forgotten next.
    private let forgetting = Mutex(ContinuousClock.now)
    private let lagGauge: Gauge
    private let parkedGauge: Gauge

    /// Records in one transaction.
    private static let batchSize = 1_000
    private static let pollWait: Duration = .milliseconds(250)
    private static let statusInterval: Duration = .seconds(2)
    private static let forgetInterval: Duration = .seconds(3_600)

    /// - Parameters:
    ///   - service: name of the consuming service, e.g. `disclosure`; actor of what its handlers publish.
    ///   - group: Kafka consumer group; its progress is kept under this name in the database as well.
    ///   - observe: called after each step of a batch; a throw is treated as a failure at that point.
    public init(
        service: String, group: String, pool: PostgresPool, kafka: KafkaConfiguration, subscriptions: [Subscription],
        logger: Logger, observe: @escaping @Sendable (Step) async throws -> Void = { _ in }
    ) {
        self.group = group
        self.pool = pool
        self.kafka = kafka
        self.observe = observe
        var logger = logger
        logger[metadataKey: "consumer"] = "\(group)"
        self.logger = logger
        topics = Set(subscriptions.flatMap(\.topics).map(\.name)).sorted()
        processor = InboxProcessor(
            service: service, group: group, pool: pool, subscriptions: subscriptions, logger: logger)
        lagGauge = Gauge(label: "inbox_lag", dimensions: [("consumer", group)])
        parkedGauge = Gauge(label: "inbox_parked_streams", dimensions: [("consumer", group)])
    }

    public var status: ConsumerStatus { current.withLock { $0 } }
    public var lag: Int64? { status.lag }

    /// Runs until graceful shutdown (the batch in hand is finished) or cancellation.
    public func run() async throws {
        await withGracefulShutdownHandler {
            guard !topics.isEmpty else {
                await stop.wait()
                return
            }
            var backoff = Backoff(base: .milliseconds(100), maximum: .seconds(5))
            while !isStopping {
                do {
                    let credentials = kafka.credentialsFingerprint
                    let consumer = try KafkaConsumer(kafka, group: group, topics: topics, logger: logger)
                    do {
                        try await consume(from: consumer, credentials) { backoff.reset() }
                        await consumer.close()
                    } catch {
                        await consumer.close()
                        throw error
                    }
                } catch {
                    guard !isStopping else { return }
                    note(error)
                    await stop.wait(atMost: backoff.next())
                }
            }
        } onGracefulShutdown: {
            self.stopping.store(true, ordering: .releasing)
            self.stop.send()
        }
    }

    private var isStopping: Bool { stopping.load(ordering: .acquiring) || Task.isCancelled }

    private func note(_ error: any Error) {
        current.withLock { $0.lastError = String(describing: error) }
        logger.warning("consumer failed, will try again", metadata: ["error": "\(error)"])
    }

    private func consume(
        from consumer: KafkaConsumer, _ credentials: [String], progressed: () -> Void
    ) async throws {
        var rewinds = PartitionRewinds()
        var nextStatus = ContinuousClock.now
        var clusterId: String?
        while !isStopping {
            let records = try await consumer.poll(max: Self.batchSize, wait: Self.pollWait)
            rewinds.forget(await consumer.takeRevoked())
            if !records.isEmpty {
                try await observe(.received(count: records.count))
                guard let gaps = try await process(records) else { return }
                try await observe(.committed(count: records.count))
                try await consumer.store(Self.nextOffsets(records))
                try await observe(.offsetsStored(count: records.count))
                progressed()
                for partition in gaps where rewinds.mayRewind(partition, at: .now) {
                    logger.notice("a record is missing, reading again", metadata: ["partition": "\(partition)"])
                    try await consumer.seekToBeginning(partition)
                }
            }
            if ContinuousClock.now >= nextStatus {
                nextStatus = .now + Self.statusInterval
                if kafka.credentialsFingerprint != credentials { throw KafkaError.credentialsReplaced }
                await inspect(consumer, &clusterId)
            }
        }
    }

    /// Goes on until the batch is in or the consumer stops (nil): a database that is away is waited for.
    private func process(_ records: [ReceivedRecord]) async throws -> Set<TopicPartition>? {
        var backoff = Backoff(base: .milliseconds(50), maximum: .seconds(2))
        while true {
            do {
                let gaps = try await processor.process(records)
                current.withLock { $0.lastError = nil }
                return gaps
            } catch {
                if isStopping { return nil }
                note(error)
                await stop.wait(atMost: backoff.next())
                if isStopping { return nil }
            }
        }
    }

    /// A broker that comes back as another cluster has lost what it held; what it holds now is numbered anew.
    private func rewindInNewCluster(_ consumer: KafkaConsumer, _ known: inout String?) async throws {
        guard let id = try await consumer.clusterId() else { return }
        defer { known = id }
        guard let known, known != id else { return }
        logger.notice("the broker lost its log, reading from the beginning", metadata: ["cluster": "\(id)"])
        for partition in await consumer.assignment() { try await consumer.seekToBeginning(partition) }
    }

    /// Now and then. A failure is kept for the readiness page; the next inspection repeats what this one missed.
    private func inspect(_ consumer: KafkaConsumer, _ clusterId: inout String?) async {
        do {
            try await rewindInNewCluster(consumer, &clusterId)
            let lags = try await consumer.lags()
            let lag = lags.values.reduce(0, +)
            for partition in await consumer.takeShortened() {
                logger.notice("the broker's log became shorter, reading again", metadata: ["partition": "\(partition)"])
                try await consumer.seekToBeginning(partition)
            }
            let counts = try await processor.store.counts(pool)
            current.withLock { status in
                status.lag = lag
                status.lagByTopic = lags
                status.parkedStreams = counts.parked
                status.incompleteStreams = counts.incomplete
                status.lastError = nil
            }
            lagGauge.record(lag)
            for topic in topics {
                Gauge(label: "inbox_topic_lag", dimensions: [("consumer", group), ("topic", topic)])
                    .record(lags[topic] ?? 0)
            }
            parkedGauge.record(counts.parked)
            if ContinuousClock.now >= forgetting.withLock({ $0 }) {
                forgetting.withLock { $0 = .now + Self.forgetInterval }
                try await processor.store.forgetSeen(pool)
            }
        } catch {
            current.withLock { $0.lastError = String(describing: error) }
        }
    }

    private static func nextOffsets(_ records: [ReceivedRecord]) -> [TopicPartition: Int64] {
        var offsets: [TopicPartition: Int64] = [:]
        for record in records { offsets[record.topicPartition] = record.offset + 1 }
        return offsets
    }
}
