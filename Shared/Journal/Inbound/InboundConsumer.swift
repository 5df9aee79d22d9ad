import Concurrency
import Contracts
import Kafka
import Logging
import Metrics
import ServiceLifecycle
import Synchronization

/// A member of a consumer group on a topic that vendors write. The handler gets whole batches and stores what it makes
/// of them before it returns; only then the offsets are stored. So a batch may come again, and the handler must not mind.
public final class InboundConsumer: Service {
    public typealias Handler = @Sendable (_ records: [InboundRecord]) async throws -> Void

    private let kafka: KafkaConfiguration
    private let group: String
    private let topic: Topic
    private let batchSize: Int
    private let logger: Logger
    private let mayRun: @Sendable () -> Bool
    private let handle: Handler
    private let stopping = Atomic(false)
    private let stop = Signal()
    private let lagGauge: Gauge

    private static let pollWait: Duration = .milliseconds(250)
    private static let gateInterval: Duration = .seconds(1)
    private static let lagInterval: Duration = .seconds(5)

    /// - Parameters:
    ///   - mayRun: false: this member leaves the group and waits. For handlers that must see every record.
    ///   - handle: a failure is tried again with the same records, for ever; refuse bad records, do not throw for them.
    public init(
        kafka: KafkaConfiguration, group: String, topic: Topic, batchSize: Int = 5_000, logger: Logger,
        mayRun: @escaping @Sendable () -> Bool = { true }, handle: @escaping Handler
    ) {
        self.kafka = kafka
        self.group = group
        self.topic = topic
        self.batchSize = batchSize
        self.logger = logger
        self.mayRun = mayRun
        self.handle = handle
        lagGauge = Gauge(label: "inbound_lag", dimensions: [("topic", topic.name)])
    }

    /// Runs until graceful shutdown (the batch in hand is finished) or cancellation.
    public func run() async throws {
        await withGracefulShutdownHandler {
            var backoff = Backoff(base: .milliseconds(100), maximum: .seconds(5))
            while !isStopping {
                guard mayRun() else {
                    await stop.wait(atMost: Self.gateInterval)
                    continue
                }
                do {
                    let credentials = kafka.credentialsFingerprint
                    let consumer = try KafkaConsumer(kafka, group: group, topics: [topic.name], logger: logger)
                    do {
                        try await consume(from: consumer, credentials) { backoff.reset() }
                        await consumer.close()
                    } catch {
                        await consumer.close()
                        throw error
                    }
                } catch {
                    guard !isStopping else { return }
                    logger.warning("inbound consumer failed, will try again", metadata: ["error": "\(error)"])
                    await stop.wait(atMost: backoff.next())
                }
            }
        } onGracefulShutdown: {
            self.stopping.store(true, ordering: .releasing)
            self.stop.send()
        }
    }

    private var isStopping: Bool { stopping.load(ordering: .acquiring) || Task.isCancelled }

    private func consume(
        from consumer: KafkaConsumer, _ credentials: [String], progressed: () -> Void
    ) async throws {
        var nextLag = ContinuousClock.now
        while !isStopping, mayRun() {
            let records = try await consumer.poll(max: batchSize, wait: Self.pollWait)
            if !records.isEmpty {
                try await handle(
                    records.map {
                        InboundRecord(
                            key: $0.key, value: $0.value ?? [], partition: $0.partition, offset: $0.offset,
                            timestamp: $0.timestamp)
                    })
                try await consumer.store(Self.nextOffsets(records))
                progressed()
            }
            if ContinuousClock.now >= nextLag {
                nextLag = .now + Self.lagInterval
                if kafka.credentialsFingerprint != credentials { throw KafkaError.credentialsReplaced }
                lagGauge.record(try await consumer.lag())
            }
        }
    }

    private static func nextOffsets(_ records: [ReceivedRecord]) -> [TopicPartition: Int64] {
        var offsets: [TopicPartition: Int64] = [:]
        for record in records { offsets[record.topicPartition] = record.offset + 1 }
        return offsets
    }
}
