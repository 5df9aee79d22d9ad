import Calendar
import Concurrency
import Contracts
import Foundation
import Journal
import Kafka
import Logging
import Postgres
import ServiceLifecycle
import Synchronization
import TestSupport

/// A producing service and a consuming one on one broker, each with its own schema.
///
/// The consumer's effect is an INSERT that is not idempotent in itself: one that took place twice is seen as two rows.
final class Bus: Sendable {
    let broker: MockBroker
    let topic: String
    let group: String
    let database: ScratchDatabase
    /// The producing service's schema.
    let producing: PostgresPool
    /// The consuming service's schema.
    let consuming: PostgresPool
    /// The test's own look at the consuming schema, not touched when connections are cut.
    let observing: PostgresPool
    /// Something moved: look again.
    let progress = Signal()
    private let tasks = Mutex<[RunningTask]>([])

    static let partitions = 3
    static let limit: Duration = .seconds(60)

    struct TooLate: Error, CustomStringConvertible {
        var what: String
        var description: String { "not within the time limit: \(what)" }
    }

    private init(broker: MockBroker, topic: String, database: ScratchDatabase) {
        self.broker = broker
        self.topic = topic
        group = MockBroker.uniqueName("bus")
        self.database = database
        producing = database.pool(schema: "producing", poolSize: 10)
        consuming = database.pool(schema: "consuming")
        observing = PostgresPool(
            PostgresConfiguration(
                url: database.url, schema: "consuming", poolSize: 2, applicationName: "test-observer"),
            logger: .quiet("observer"))
    }

    static func with(_ body: (Bus) async throws -> Void) async throws {
        let topic = MockBroker.uniqueName("brightkitchen.test")
        let broker = try await MockBroker.start(
            topics: [
                TopicSpec(name: topic, partitions: partitions),
                TopicSpec(name: Topic.checkpoints.name, partitions: 1),
            ])
        let database = try await ScratchPostgres.database()
        try await database.migrate(schema: "producing", JournalMigrations.all)
        try await database.migrate(schema: "consuming", JournalMigrations.all + [effects])
        let bus = Bus(broker: broker, topic: topic, database: database)
        do {
            try await body(bus)
            try await bus.end()
        } catch {
            try await bus.end()
            throw error
        }
    }

    private static let effects = Migration(
        name: "V001_effects",
        sql: "CREATE TABLE effect (n bigserial PRIMARY KEY, key text NOT NULL, number bigint NOT NULL)")

    private func end() async throws {
        for task in tasks.withLock({ $0 }) { await task.kill() }
        await producing.close()
        await consuming.close()
        await observing.close()
        broker.close()
        try await database.drop()
    }

    // MARK: the producing service

    /// One transaction with these events.
    func publish(_ key: String, _ numbers: ClosedRange<Int>) async throws {
        try await producing.transaction { transaction in
            for number in numbers { try await self.publish(key, number, transaction) }
        }
    }

    func publish(_ key: String, _ number: Int, _ transaction: PostgresTransaction) async throws {
        try await transaction.publish(
            Counted(topicName: topic, key: key, number: number),
            EventContext(actor: .system("test"), correlationId: "test"), occurredAt: Self.now)
    }

    static let now = Instant(microseconds: 1_795_395_600_000_000)

    @discardableResult
    func startRelay(
        batchSize: Int = 2_000, observe: @escaping @Sendable (RelayStep) async throws -> Void = { _ in }
    ) throws -> RunningTask {
        var options = RelayOptions()
        options.batchSize = batchSize
        options.pollInterval = .milliseconds(50)
        options.inspectionInterval = .milliseconds(200)
        options.shutdownLimit = .milliseconds(200)
        let relay = Relay(
            service: "producing", database: database.configuration(schema: "producing"), pool: producing,
            kafka: broker.configuration("producing"),
            signer: try CheckpointSigner(
                origin: "brightkitchen.example/test", base64Seed: Data(repeating: 7, count: 32).base64EncodedString()),
            options: options, logger: .quiet("relay"),
            observe: { [progress] step in
                try await observe(step)
                progress.send()
            })
        return start { try await relay.run() }
    }

    func pendingCount() async throws -> Int {
        try await producing.first("SELECT count(*) AS n FROM journal_pending") { try $0["n"] } ?? -1
    }

    // MARK: the consuming service

    /// Inserts the effect and says so after the commit.
    func insert(_ event: Counted, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("INSERT INTO effect (key, number) VALUES (\(event.key), \(event.number))")
        transaction.afterCommit { [progress] in progress.send() }
    }

    func subscription(
        _ before: @escaping @Sendable (Counted) async throws -> Void = { _ in }
    ) -> Subscription {
        .on(Counted.self, topics: [Topic(name: topic)]) { received, transaction in
            try await before(received.event)
            try await self.insert(received.event, transaction)
        }
    }

    @discardableResult
    func startConsumer(
        _ subscription: Subscription? = nil, group: String? = nil, pool: PostgresPool? = nil,
        observe: @escaping @Sendable (EventConsumer.Step) async throws -> Void = { _ in }
    ) -> RunningTask {
        let consumer = EventConsumer(
            service: "consuming", group: group ?? self.group, pool: pool ?? consuming,
            kafka: broker.configuration("consuming"), subscriptions: [subscription ?? self.subscription()],
            logger: .quiet("consumer"),
            observe: { [progress] step in
                try await observe(step)
                progress.send()
            })
        return start { try await consumer.run() }
    }

    func deadLetters(_ subscription: Subscription? = nil) -> DeadLetters {
        DeadLetters(
            service: "consuming", pool: consuming, subscriptions: [subscription ?? self.subscription()],
            logger: .quiet("dead-letters"))
    }

    // MARK: what came of it

    /// Numbers per key, in the order of their effects.
    func effects(_ pool: PostgresPool? = nil) async throws -> [String: [Int]] {
        let rows = try await (pool ?? observing).query("SELECT key, number FROM effect ORDER BY n") {
            row -> (String, Int) in
            (try row["key"], try row["number"])
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    func effectCount(_ pool: PostgresPool? = nil) async throws -> Int {
        try await (pool ?? observing).first("SELECT count(*) AS n FROM effect") { try $0["n"] } ?? -1
    }

    /// Looks again after each sign of progress, until it holds.
    func wait(for what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + Self.limit
        while try await !condition() {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { throw TooLate(what: what) }
            // Progress outside this process (the broker's group) sends no signal: look once a second besides.
            await progress.wait(atMost: min(left, .seconds(1)))
        }
    }

    func waitForEffects(_ count: Int) async throws {
        do {
            try await wait(for: "\(count) effects") { try await effectCount() >= count }
        } catch let error as TooLate {
            throw TooLate(what: "\(error.what); there are \(try await effectCount()): \(try await effects())")
        }
    }

    func waitUntilAllIsSent() async throws {
        try await wait(for: "all entries sent") { try await pendingCount() == 0 }
    }

    // MARK: records by hand

    /// The n-th event of a key as the relay would send it.
    func record(_ key: String, _ number: Int, sequence: Int? = nil) throws -> KafkaRecord {
        KafkaRecord(
            topic: topic, key: key, value: try EventJSON.encode(Counted(topicName: topic, key: key, number: number)),
            headers: [
                KafkaHeader("ce_specversion", "1.0"), KafkaHeader("ce_id", "\(key)-\(number)"),
                KafkaHeader("ce_source", "urn:brightkitchen:by-hand"), KafkaHeader("ce_type", Counted.type),
                KafkaHeader("ce_time", Self.now.rfc3339), KafkaHeader("ce_subject", key),
                KafkaHeader("ce_partitionkey", key), KafkaHeader("ce_sequence", String(sequence ?? number)),
                KafkaHeader("ce_correlationid", "test"), KafkaHeader("content-type", "application/json"),
            ])
    }

    /// Sends and requires success of each.
    func send(_ records: [KafkaRecord]) async throws {
        let producer = try KafkaProducer(broker.configuration("by-hand"), logger: .quiet("by-hand"))
        let results = await producer.send(records)
        await producer.close()
        for result in results { _ = try result.get() }
    }

    /// Everything on the topic, once there are at least `count` records.
    func topicRecords(atLeast count: Int) async throws -> [ReceivedRecord] {
        try await topicRecords { $0.count >= count }
    }

    /// Everything on the topic, once it is enough.
    func topicRecords(until isEnough: @Sendable ([ReceivedRecord]) -> Bool) async throws -> [ReceivedRecord] {
        let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
        do {
            let records = try await probe.collect(within: Self.limit, until: isEnough)
            await probe.close()
            return records
        } catch {
            await probe.close()
            throw error
        }
    }

    private func start(_ work: @escaping @Sendable () async throws -> Void) -> RunningTask {
        let task = RunningTask(work)
        tasks.withLock { $0.append(task) }
        return task
    }
}
