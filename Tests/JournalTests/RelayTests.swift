import Concurrency
import Contracts
import Kafka
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Journal

@Suite(.timeLimit(.minutes(2))) struct RelayTests {
    static func topic() -> String { MockBroker.uniqueName("brightkitchen.registry") }

    static func numbers(_ records: [ReceivedRecord], key: String? = nil) throws -> [Int] {
        try records.filter { key == nil || $0.header("ce_partitionkey") == key }.map {
            try EventJSON.decode(Stirred.self, from: $0.value ?? []).number
        }
    }

    static func marked(_ steps: [RelayStep]) -> Int {
        steps.reduce(0) { if case .marked(let count) = $1 { $0 + count } else { $0 } }
    }

    @Test func publishesAsCloudEvents() async throws {
        try await JournalFixture.with { fixture in
            let topic = Self.topic()
            let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 2)])
            let steps = Steps<RelayStep>()
            let relay = fixture.relay(broker, steps: steps)
            try await running(relay.run) {
                try await fixture.log("brightkitchen.registry.login.succeeded.v1", subject: "p1")
                let id = try await fixture.pool.transaction { transaction in
                    var context = JournalFixture.context
                    context.causationId = "0192f0c1-7a3b-7def-8123-456789abcdef"
                    return try await transaction.publish(
                        Stirred(1, key: "食堂", topic: topic), context, occurredAt: JournalFixture.now)
                }
                let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
                let record = try await probe.first { _ in true }
                let headers = Dictionary(
                    uniqueKeysWithValues: record.headers.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) })
                #expect(
                    headers == [
                        "ce_specversion": "1.0", "ce_id": id.rawValue, "ce_source": "urn:brightkitchen:registry",
                        "ce_type": Stirred.type, "ce_time": JournalFixture.now.rfc3339, "ce_subject": "食堂",
                        "ce_partitionkey": "食堂", "ce_sequence": "1", "ce_correlationid": "c1",
                        "ce_causationid": "0192f0c1-7a3b-7def-8123-456789abcdef", "ce_journalindex": "1",
                        "content-type": "application/json", "traceparent": "00-aa-bb-01",
                    ])
                #expect(record.key == Array("食堂".utf8))
                #expect(record.value == (try EventJSON.encode(Stirred(1, key: "食堂", topic: topic))))
                try await steps.wait { $0.contains(.checkpointSigned(size: 2)) && Self.marked($0) == 2 }
                #expect(try await fixture.int("SELECT count(*) AS n FROM journal_pending") == 0)
                #expect(try await fixture.int("SELECT count(*) AS n FROM journal_leaf") == 2)
                await probe.close()
            }
            #expect(try await fixture.verifier().verify().isIntact)
            broker.close()
        }
    }

    @Test func sendsCheckpointsThatVerify() async throws {
        try await JournalFixture.with { fixture in
            let broker = try await MockBroker.start()
            let relay = fixture.relay(broker)
            try await running(relay.run) {
                try await fixture.log("brightkitchen.registry.login.succeeded.v1", subject: "p1")
                let probe = try await EventProbe(broker.configuration("probe"), topics: [Topic.checkpoints.name])
                let origin = fixture.signer.origin
                let record = try await probe.first { $0.key == Array(origin.utf8) }
                let note = try #require(SignedNote(parsing: String(decoding: record.value ?? [], as: UTF8.self)))
                #expect(fixture.signer.key.verifies(note))
                #expect(Checkpoint(text: note.text)?.size == 1)
                #expect(record.header("ce_id") == "\(origin)/1")
                await probe.close()
            }
            broker.close()
        }
    }

    /// At least hourly: silence on the topic is an outage, not an idle service.
    @Test func tellsTheCheckpointAgainWhileNothingIsAppended() async throws {
        try await JournalFixture.with { fixture in
            let broker = try await MockBroker.start()
            let relay = fixture.relay(broker) {
                $0.announcementInterval = .milliseconds(10)
                $0.inspectionInterval = .milliseconds(10)
            }
            try await running(relay.run) {
                try await fixture.log("brightkitchen.registry.login.succeeded.v1", subject: "p1")
                let probe = try await EventProbe(broker.configuration("probe"), topics: [Topic.checkpoints.name])
                let records = try await probe.collect(3)
                #expect(Set(records.map { $0.header("ce_id") }) == ["\(fixture.signer.origin)/1"])
                #expect(Set(records.map(\.value)).count == 1, "the same signed note")
                await probe.close()
            }
            #expect(try await fixture.int("SELECT count(*) AS n FROM journal_checkpoint") == 1)
            broker.close()
        }
    }

    @Test func keepsOrderPerKeyOverManyBatches() async throws {
        try await JournalFixture.with { fixture in
            let topic = Self.topic()
            let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 3)])
            let steps = Steps<RelayStep>()
            let relay = fixture.relay(broker, steps: steps) { $0.batchSize = 50 }
            try await running(relay.run) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<4 {
                        group.addTask {
                            for round in 0..<50 {
                                try await fixture.publish(
                                    (0..<3).map { Stirred($0, key: "k\((writer + round + $0) % 5)", topic: topic) })
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
                let records = try await probe.collect(600)
                #expect(records.count == 600)
                for (key, stream) in Dictionary(grouping: records, by: { $0.header("ce_partitionkey") }) {
                    let sequences = stream.compactMap { $0.header("ce_sequence").flatMap { Int($0) } }
                    #expect(sequences == Array(1...stream.count), "key \(key ?? "-")")
                }
                await probe.close()
            }
            #expect(try await fixture.verifier().verify().isIntact)
            broker.close()
        }
    }

    struct Killed: Error {}

    /// The relay dies at each of its steps in turn, many times over: nothing is lost, at most a batch is repeated.
    @Test(arguments: ["sequenced", "delivered", "marked"]) func diesAtEveryStep(step: String) async throws {
        try await JournalFixture.with { fixture in
            let topic = Self.topic()
            let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 2)])
            let deaths = Atomic(0)
            let steps = Steps<RelayStep>()
            let relay = fixture.relay(broker, steps: steps, configure: { $0.batchSize = 20 }) { reached in
                let name =
                    switch reached {
                    case .sequenced: "sequenced"
                    case .delivered: "delivered"
                    case .marked: "marked"
                    default: ""
                    }
                if name == step, deaths.load(ordering: .relaxed) < 6 {
                    deaths.add(1, ordering: .relaxed)
                    throw Killed()
                }
            }
            try await running(relay.run) {
                for number in 0..<200 {
                    try await fixture.publish([Stirred(number, key: "k\(number % 2)", topic: topic)])
                }
                let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
                _ = try await probe.first { $0.header("ce_partitionkey") == "k0" && $0.header("ce_sequence") == "100" }
                _ = try await probe.first { $0.header("ce_partitionkey") == "k1" && $0.header("ce_sequence") == "100" }
                let records = await probe.records
                #expect(deaths.load(ordering: .relaxed) == 6)
                #expect(records.count - 200 <= 6 * 20, "duplicates")
                for key in ["k0", "k1"] {
                    // First appearances are in order: what is repeated comes again from an earlier point, in order.
                    var seen: Set<Int> = []
                    let firsts = try Self.numbers(records, key: key).filter { seen.insert($0).inserted }
                    #expect(firsts == firsts.sorted() && firsts.count == 100)
                }
                await probe.close()
            }
            #expect(try await fixture.verifier().verify().isIntact)
            broker.close()
        }
    }

    @Test func onlyOneRelayLeads() async throws {
        try await JournalFixture.with { fixture in
            let topic = Self.topic()
            let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 1)])
            let first = Steps<RelayStep>()
            let second = Steps<RelayStep>()
            let leader = fixture.relay(broker, steps: first)
            let standby = fixture.relay(broker, steps: second)
            try await running(standby.run) {
                try await second.wait { $0.contains(.leading) }
                try await running(leader.run) {
                    try await fixture.publish([Stirred(1, topic: topic)])
                    try await second.wait { $0.contains(.marked(count: 1)) }
                    #expect(first.all.isEmpty && !leader.status.isLeading && standby.status.isLeading)
                    // The lock's connection is cut: one of them leads again, and goes on.
                    try await fixture.pool.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%-relay'")
                    try await fixture.publish([Stirred(2, topic: topic)])
                    let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
                    _ = try await probe.first { $0.header("ce_sequence") == "2" }
                    await probe.close()
                }
            }
            #expect(try await fixture.verifier().verify().isIntact)
            broker.close()
        }
    }

    /// The embedded broker comes back empty: everything is published again from the journal.
    @Test(.enabled(if: MockBroker.realBootstrap == nil)) func republishesAfterTheBrokerLostItsLog() async throws {
        try await JournalFixture.with { fixture in
            let topic = Self.topic()
            let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 2)])
            let steps = Steps<RelayStep>()
            let relay = fixture.relay(broker, steps: steps) { $0.batchSize = 40 }
            try await running(relay.run) {
                try await fixture.publish((0..<100).map { Stirred($0, key: "k\($0 % 3)", topic: topic) })
                try await steps.wait { Self.marked($0) >= 100 }
                try broker.stop()
                try await fixture.publish([Stirred(100, key: "k0", topic: topic)])
                try broker.startEmpty()
                try await steps.wait(atMost: .seconds(40)) {
                    $0.contains { if case .republishing = $0 { true } else { false } }
                }
                let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
                _ = try await probe.collect(101, within: .seconds(40))
                _ = try await probe.first(within: .seconds(20)) { $0.header("ce_journalindex") == "100" }
                let indexes = Set(await probe.records.compactMap { $0.header("ce_journalindex").flatMap { Int($0) } })
                #expect(indexes == Set(0...100))
                await probe.close()
            }
            broker.close()
        }
    }

    @Test func republishesOnRequest() async throws {
        try await JournalFixture.with { fixture in
            let topic = Self.topic()
            let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 1)])
            let relay = fixture.relay(broker)
            try await running(relay.run) {
                try await fixture.publish((0..<10).map { Stirred($0, topic: topic) })
                let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
                _ = try await probe.collect(10)
                #expect(try await Republisher(database: fixture.pool).request(from: 4) == 6)
                let records = try await probe.collect(16)
                #expect(try Self.numbers(Array(records.suffix(6))) == Array(4..<10))
                await probe.close()
            }
            broker.close()
        }
    }

    /// An entry that the broker will never take parks its key; the others go on; a release sends what waits, in order.
    @Test func parksAKeyThatIsRefused() async throws {
        try await JournalFixture.with { fixture in
            let topic = Self.topic()
            let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 1)])
            let steps = Steps<RelayStep>()
            let small = Relay(
                service: JournalFixture.service,
                database: fixture.database.configuration(schema: JournalFixture.schema),
                pool: fixture.pool, kafka: broker.configuration("relay", properties: ["message.max.bytes": "20000"]),
                signer: fixture.signer, logger: .quiet("relay"), observe: { steps.add($0) })
            let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
            try await running(small.run) {
                try await fixture.publish([
                    Stirred(1, key: "big", topic: topic),
                    Stirred(2, key: "big", topic: topic, padding: String(repeating: "x", count: 40_000)),
                    Stirred(3, key: "big", topic: topic), Stirred(4, key: "small", topic: topic),
                ])
                try await fixture.publish([
                    Stirred(5, key: "big", topic: topic), Stirred(6, key: "small", topic: topic),
                ])
                _ = try await probe.first { $0.header("ce_partitionkey") == "small" && $0.header("ce_sequence") == "2" }
                #expect(try Self.numbers(await probe.records) == [1, 4, 6])
                try await steps.wait { Self.marked($0) == 3 }
            }
            let parked = try await ParkedKeys(database: fixture.pool).list()
            #expect(parked.map(\.partitionKey) == ["big"])
            #expect(try await fixture.int("SELECT count(*) AS n FROM journal_pending") == 3)
            // The topic's limit was raised, and a person releases the key.
            #expect(try await ParkedKeys(database: fixture.pool).release(topic: topic, partitionKey: "big"))
            let relay = fixture.relay(broker)
            try await running(relay.run) {
                let records = try await probe.collect(until: { records in
                    records.contains { $0.header("ce_partitionkey") == "big" && $0.header("ce_sequence") == "4" }
                })
                // At least once: what was sent before may come again, but never out of its turn.
                var seen: Set<Int> = []
                #expect(try Self.numbers(records, key: "big").filter { seen.insert($0).inserted } == [1, 2, 3, 5])
            }
            await probe.close()
            broker.close()
        }
    }

    /// A tree that was changed behind the relay's back is not signed; publishing goes on.
    @Test func refusesToSignAContradiction() async throws {
        try await JournalFixture.with { fixture in
            let topic = Self.topic()
            let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 1)])
            try await fixture.publish([Stirred(1, topic: topic), Stirred(2, topic: topic)])
            try await fixture.sequenceAll()
            try await fixture.tamper("UPDATE journal_leaf SET leaf_hash = sha256(leaf_hash) WHERE index = 0")
            let steps = Steps<RelayStep>()
            let relay = fixture.relay(broker, steps: steps)
            try await running(relay.run) {
                try await fixture.publish([Stirred(3, topic: topic)])
                try await steps.wait { $0.contains(.marked(count: 1)) }
                #expect(relay.status.signingHalted != nil)
            }
            #expect(try await fixture.int("SELECT count(*) AS n FROM journal_checkpoint") == 1)
            broker.close()
        }
    }

    /// Fault 9: a transaction with a low position stays open while many commit; it is not skipped.
    @Test func lowPositionThatCommitsLate() async throws {
        try await JournalFixture.with(poolSize: 6) { fixture in
            let topic = Self.topic()
            let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 1)])
            let steps = Steps<RelayStep>()
            let relay = fixture.relay(broker, steps: steps) { $0.batchSize = 300 }
            try await running(relay.run) {
                let opened = Signal()
                let mayCommit = Signal()
                let late = Task {
                    try await fixture.pool.transaction { transaction in
                        _ = try await transaction.publish(
                            Stirred(-1, key: "late", topic: topic), JournalFixture.context,
                            occurredAt: JournalFixture.now)
                        opened.send()
                        await mayCommit.wait()
                    }
                }
                await opened.wait()
                for round in 0..<10 {
                    try await fixture.publish((0..<300).map { Stirred(round * 300 + $0, key: "k\($0)", topic: topic) })
                }
                let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
                _ = try await probe.collect(3_000)
                mayCommit.send()
                try await late.value
                _ = try await probe.first { $0.header("ce_partitionkey") == "late" }
                #expect(await probe.records.count == 3_001)
                await probe.close()
            }
            #expect(try await fixture.verifier().verify().isIntact)
            broker.close()
        }
    }

    @Test(.enabled(if: MockBroker.realBootstrap == nil)) func endsWhileABatchWaitsForTheBroker() async throws {
        try await JournalFixture.with { fixture in
            let broker = try await MockBroker.start()
            try broker.stop()
            let steps = Steps<RelayStep>()
            let relay = fixture.relay(broker, steps: steps)
            try await fixture.publish([Stirred(1)])
            let start = ContinuousClock.now
            try await running(relay.run) { try await steps.wait { $0.contains(.sequenced(count: 1)) } }
            #expect(start.duration(to: .now) < .seconds(20))
            #expect(try await fixture.int("SELECT count(*) AS n FROM journal_pending") == 1)
        }
    }
}
