import Calendar
import Contracts
import Kafka
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Journal

/// The consumer against a broker: records are written by hand, so that every irregularity can be produced.
@Suite(.timeLimit(.minutes(2))) struct EventConsumerTests {
    /// A topic, its records, and a projection table `effect`.
    struct Stage: Sendable {
        let fixture: JournalFixture
        let broker: MockBroker
        let topic: String
        let producer: KafkaProducer
        let steps = Steps<EventConsumer.Step>()

        static func with(partitions: Int = 1, _ body: @Sendable (Stage) async throws -> Void) async throws {
            try await JournalFixture.with(poolSize: 6) { fixture in
                let topic = MockBroker.uniqueName("brightkitchen.registry")
                let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: partitions)])
                try await fixture.pool.execute(
                    "CREATE TABLE effect (n bigserial, key text NOT NULL, number bigint NOT NULL)"
                )
                let producer = try KafkaProducer(broker.configuration("producer"), logger: .quiet("producer"))
                try await body(Stage(fixture: fixture, broker: broker, topic: topic, producer: producer))
                await producer.close()
                broker.close()
            }
        }

        func record(
            _ number: Int, key: String = "k", sequence: Int64?, id: String? = nil, type: String = Stirred.type,
            value: [UInt8]? = nil
        ) throws -> KafkaRecord {
            var headers = [
                KafkaHeader("ce_specversion", "1.0"), KafkaHeader("ce_id", id ?? "id-\(key)-\(number)"),
                KafkaHeader("ce_source", "urn:brightkitchen:registry"), KafkaHeader("ce_type", type),
                KafkaHeader("ce_time", "2026-11-23T08:00:00+08:00"), KafkaHeader("ce_partitionkey", key),
            ]
            if let sequence { headers.append(KafkaHeader("ce_sequence", String(sequence))) }
            return KafkaRecord(
                topic: topic, key: key, value: try value ?? EventJSON.encode(Stirred(number, key: key, topic: topic)),
                headers: headers)
        }

        func send(_ records: [KafkaRecord]) async throws {
            for result in await producer.send(records) { _ = try result.get() }
        }

        func send(_ numbers: [Int], key: String = "k") async throws {
            try await send(numbers.map { try record($0, key: key, sequence: Int64($0)) })
        }

        func consumer(
            fails: @escaping @Sendable (Stirred) -> Bool = { _ in false },
            observe: @escaping @Sendable (EventConsumer.Step) async throws -> Void = { _ in }
        ) -> EventConsumer {
            EventConsumer(
                service: "disclosure", group: "disclosure-\(topic)", pool: fixture.pool,
                kafka: broker.configuration("consumer"), subscriptions: [subscription(fails: fails)],
                logger: .quiet("consumer")
            ) { step in
                steps.add(step)
                try await observe(step)
            }
        }

        struct HandlerFailed: Error {}

        func subscription(fails: @escaping @Sendable (Stirred) -> Bool) -> Subscription {
            Subscription.on(Stirred.self, topics: [Topic(name: topic)]) { received, transaction in
                try await transaction.execute(
                    "INSERT INTO effect (key, number) VALUES (\(received.event.key), \(received.event.number))")
                if fails(received.event) { throw HandlerFailed() }
            }
        }

        func deadLetters(fails: @escaping @Sendable (Stirred) -> Bool = { _ in false }) -> DeadLetters {
            DeadLetters(
                service: "disclosure", pool: fixture.pool, subscriptions: [subscription(fails: fails)],
                logger: .quiet("dead-letters"))
        }

        func effects(_ key: String = "k") async throws -> [Int] {
            try await fixture.pool.query("SELECT number FROM effect WHERE key = \(key) ORDER BY n") { try $0["number"] }
        }

        /// Waits until so many effects are committed.
        func waitForEffects(_ count: Int, key: String = "k") async throws {
            let deadline = ContinuousClock.now + .seconds(30)
            var seen = steps.all.count
            while try await effects(key).count < count {
                guard ContinuousClock.now < deadline else {
                    throw Steps<Int>.NotSeen(description: "effects of \(key): \(try await effects(key))")
                }
                do { try await steps.wait(atMost: .seconds(1)) { $0.count > seen } } catch { continue }
                seen = steps.all.count
            }
        }
    }

    @Test func effectsOnceAndInOrderDespiteDuplicatesAndDisorder() async throws {
        try await Stage.with { stage in
            try await stage.send([1, 2, 2, 4, 3, 1, 3, 5, 4, 6])
            try await stage.send([2, 1, 3], key: "other")
            let consumer = stage.consumer()
            try await running(consumer.run) {
                try await stage.waitForEffects(6)
                try await stage.waitForEffects(3, key: "other")
            }
            #expect(try await stage.effects() == [1, 2, 3, 4, 5, 6])
            #expect(try await stage.effects("other") == [1, 2, 3])
            #expect(try await stage.fixture.int("SELECT count(*) AS n FROM inbox_waiting") == 0)
        }
    }

    @Test func recordsBehindAGapWaitInTheDatabase() async throws {
        try await Stage.with { stage in
            try await stage.send([1, 3, 4])
            let consumer = stage.consumer()
            try await running(consumer.run) {
                try await stage.waitForEffects(1)
                try await stage.steps.wait { $0.contains { if case .offsetsStored = $0 { true } else { false } } }
            }
            #expect(try await stage.effects() == [1])
            #expect(try await stage.fixture.int("SELECT waiting::bigint AS n FROM inbox_stream") == 2)
            try await stage.send([2])
            let next = stage.consumer()
            try await running(next.run) { try await stage.waitForEffects(4) }
            #expect(try await stage.effects() == [1, 2, 3, 4])
            #expect(try await stage.fixture.int("SELECT waiting::bigint AS n FROM inbox_stream") == 0)
        }
    }

    @Test func withoutSequenceDedupeIsById() async throws {
        try await Stage.with { stage in
            try await stage.send([
                stage.record(1, sequence: nil, id: "a"), stage.record(2, sequence: nil, id: "b"),
                stage.record(1, sequence: nil, id: "a"), stage.record(3, sequence: nil, id: "c"),
            ])
            let consumer = stage.consumer()
            try await running(consumer.run) { try await stage.waitForEffects(3) }
            #expect(try await stage.effects() == [1, 2, 3])
        }
    }

    /// A consumer that dies at a step and starts again: the effect takes place once.
    @Test(arguments: [
        EventConsumer.Step.received(count: 3), .committed(count: 3), .offsetsStored(count: 3),
    ]) func diesAtEveryStep(step: EventConsumer.Step) async throws {
        try await Stage.with { stage in
            let died = Atomic(false)
            try await stage.send([1, 2, 3])
            let consumer = stage.consumer(observe: { reached in
                if reached == step, !died.exchange(true, ordering: .relaxed) { throw Stage.HandlerFailed() }
            })
            try await running(consumer.run) {
                try await stage.waitForEffects(3)
                try await stage.steps.wait(atMost: .seconds(30)) { _ in died.load(ordering: .relaxed) }
                try await stage.send([4])
                try await stage.waitForEffects(4)
            }
            #expect(try await stage.effects() == [1, 2, 3, 4])
        }
    }

    @Test func poisonIsSetAsideAndDoesNotBlock() async throws {
        try await Stage.with { stage in
            try await stage.send([
                stage.record(1, sequence: 1),
                stage.record(2, sequence: 2, value: Array("{not json".utf8)),
                KafkaRecord(topic: stage.topic, key: "k", value: Array("no event".utf8), headers: []),
                stage.record(3, sequence: 3, type: "brightkitchen.registry.canteen.unheard-of.v9"),
                KafkaRecord(
                    topic: stage.topic, key: nil, value: nil, headers: [KafkaHeader(name: "ce_id", value: [0xff])]),
                stage.record(4, sequence: 4, value: Array(repeating: 0x20, count: 900_000)),
                stage.record(5, sequence: 5),
                // Known to the contracts, of no use here.
                stage.record(6, sequence: 6, type: OrganRegistered.type),
                stage.record(7, sequence: 7),
            ])
            let consumer = stage.consumer()
            try await running(consumer.run) { try await stage.waitForEffects(3) }
            #expect(try await stage.effects() == [1, 5, 7])
            let letters = try await stage.deadLetters().list()
            #expect(letters.map(\.kind) == [.undecodable, .undecodable, .unknownType, .undecodable, .undecodable])
            let shown = try #require(try await stage.deadLetters().show(letters[0].id))
            #expect(shown.value == "{not json" && shown.letter.sequence == 2)
            // The contract was mended meanwhile? No: it stays.
            let outcome = try await stage.deadLetters().replay(letters[0].id)
            guard case .failedAgain = outcome else {
                Issue.record("\(String(describing: outcome))")
                return
            }
        }
    }

    @Test func failingHandlerParksItsKeyUntilReplayed() async throws {
        try await Stage.with { stage in
            try await stage.send([1, 2, 3])
            try await stage.send([1, 2], key: "other")
            let tries = Atomic(0)
            let consumer = stage.consumer { event in
                guard event.key == "k", event.number == 2 else { return false }
                tries.add(1, ordering: .relaxed)
                return true
            }
            try await running(consumer.run) {
                try await stage.waitForEffects(2, key: "other")
                try await stage.send([4])
                try await stage.send([3], key: "other")
                try await stage.waitForEffects(3, key: "other")
            }
            #expect(try await stage.effects() == [1])
            #expect(try await stage.effects("other") == [1, 2, 3])
            // Once with its batch, five times alone.
            #expect(tries.load(ordering: .relaxed) == 6)
            let letters = try await stage.deadLetters().list()
            #expect(letters.count == 1 && letters[0].kind == .handlerFailed && letters[0].tries == 5)
            #expect(letters[0].waitingBehind == 2 && letters[0].sequence == 2)

            let failing = stage.deadLetters { $0.number == 2 }
            guard case .failedAgain = try await failing.replay(letters[0].id) else {
                Issue.record("not failed")
                return
            }
            #expect(try await stage.effects() == [1])
            // The next one fails as well: parked again one further on.
            #expect(try await stage.deadLetters { $0.number == 3 }.replay(letters[0].id) == .replayed(followers: 1))
            #expect(try await stage.effects() == [1, 2])
            let second = try #require(try await stage.deadLetters().list().first)
            #expect(second.sequence == 3)
            #expect(try await stage.deadLetters().replay(second.id) == .replayed(followers: 1))
            #expect(try await stage.effects() == [1, 2, 3, 4])
            #expect(try await stage.deadLetters().list().isEmpty)
            #expect(try await stage.deadLetters().replay(second.id) == .alreadyDone)
            #expect(try await stage.deadLetters().replay(9_999) == nil)
        }
    }

    /// A handler that fails for a while is tried again and nothing is parked.
    @Test func passingFailureIsRetried() async throws {
        try await Stage.with { stage in
            try await stage.send([1, 2, 3])
            let left = Atomic(3)
            let consumer = stage.consumer { event in
                event.number == 2 && left.subtract(1, ordering: .relaxed).oldValue > 0
            }
            try await running(consumer.run) { try await stage.waitForEffects(3) }
            #expect(try await stage.effects() == [1, 2, 3])
            #expect(try await stage.deadLetters().count() == 0)
        }
    }

    /// The whole way: journal → relay → Kafka → consumer → journal of the next service, and the broker loses
    /// everything.
    @Test(.enabled(if: MockBroker.realBootstrap == nil)) func brokerLosesItsLogUnderARunningConsumer() async throws {
        try await Stage.with(partitions: 2) { stage in
            let relay = stage.fixture.relay(stage.broker) { $0.batchSize = 10 }
            let consumer = stage.consumer()
            let event = { @Sendable (number: Int) in Stirred(number, key: "k\(number % 3)", topic: stage.topic) }
            try await running(relay.run) {
                try await running(consumer.run) {
                    try await stage.fixture.publish((0..<60).map(event))
                    for key in 0..<3 { try await stage.waitForEffects(20, key: "k\(key)") }
                    try stage.broker.stop()
                    try await stage.fixture.publish((60..<75).map(event))
                    try stage.broker.startEmpty()
                    for key in 0..<3 { try await stage.waitForEffects(25, key: "k\(key)") }
                }
            }
            for key in 0..<3 {
                #expect(try await stage.effects("k\(key)") == (0..<75).filter { $0 % 3 == key })
            }
        }
    }

    /// Fault 10 in small: members of the group come and go while events flow; every effect once and in order.
    @Test func membersComeAndGo() async throws {
        try await Stage.with(partitions: 3) { stage in
            let keys = (0..<6).map { "k\($0)" }
            let lasting = stage.consumer()
            try await running(lasting.run) {
                for round in 0..<3 {
                    let passing = stage.consumer()
                    try await running(passing.run) {
                        for number in (round * 40 + 1)...(round * 40 + 40) {
                            try await stage.send(
                                keys.map { try stage.record(number, key: $0, sequence: Int64(number)) })
                        }
                        // At least half of the round goes through while both are members, or one takes over.
                        try await stage.waitForEffects(round * 40 + 20, key: "k0")
                    }
                }
                for key in keys { try await stage.waitForEffects(120, key: key) }
            }
            for key in keys { #expect(try await stage.effects(key) == Array(1...120)) }
        }
    }

    @Test func runsOfOneTypeComeTogether() async throws {
        try await Stage.with { stage in
            try await stage.send(Array(1...50))
            let calls = Mutex<[Int]>([])
            let consumer = EventConsumer(
                service: "disclosure", group: "batch-\(stage.topic)", pool: stage.fixture.pool,
                kafka: stage.broker.configuration("consumer"),
                subscriptions: [
                    .onBatch(Stirred.self, topics: [Topic(name: stage.topic)]) { events, transaction in
                        calls.withLock { $0.append(events.count) }
                        try await transaction.execute(
                            """
                            INSERT INTO effect (key, number)
                            SELECT * FROM unnest(\(events.map(\.event.key)), \(events.map(\.event.number)))
                            """)
                        #expect(events.allSatisfy { $0.context.actor == .system("disclosure") })
                        #expect(events.allSatisfy { $0.context.causationId == $0.id.rawValue })
                    }
                ], logger: .quiet("consumer"), observe: { stage.steps.add($0) })
            try await running(consumer.run) { try await stage.waitForEffects(50) }
            #expect(try await stage.effects() == Array(1...50))
            #expect(calls.withLock { $0.count } < 50)
        }
    }
}
