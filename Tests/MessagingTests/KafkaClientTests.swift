import Concurrency
import Foundation
import Kafka
import TestSupport
import Testing

/// The wrapper of librdkafka by itself.
@Suite(.timeLimit(.minutes(3))) struct KafkaClientTests {
    private func with(
        _ partitions: Int = 1, _ body: (MockBroker, String, KafkaProducer) async throws -> Void
    ) async throws {
        let topic = MockBroker.uniqueName("client")
        let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: partitions)])
        let producer = try KafkaProducer(broker.configuration("producer"), logger: .quiet("producer"))
        do {
            try await body(broker, topic, producer)
            await producer.close()
        } catch {
            await producer.close()
            throw error
        }
        broker.close()
    }

    private func read(_ broker: MockBroker, _ topic: String, _ count: Int) async throws -> [ReceivedRecord] {
        let probe = try await EventProbe(broker.configuration("probe"), topics: [topic])
        let records = try await probe.collect(count)
        await probe.close()
        return records
    }

    @Test func keysValuesAndHeadersArriveAsTheyWereSent() async throws {
        try await with { broker, topic, producer in
            let headers = [
                KafkaHeader("twice", "1"), KafkaHeader("twice", "2"), KafkaHeader(name: "bytes", value: [0, 255]),
                KafkaHeader(name: "empty", value: []), KafkaHeader("文", "字"),
            ]
            let sent = [
                KafkaRecord(topic: topic, key: Array("k".utf8), value: Array("v".utf8), headers: headers),
                KafkaRecord(topic: topic, key: nil, value: []),
                KafkaRecord(topic: topic, key: [], value: nil),
            ]
            let results = await producer.send(sent)
            #expect(try results.map { try $0.get().offset } == [0, 1, 2])
            let received = try await read(broker, topic, 3)
            #expect(received.map(\.key) == [Array("k".utf8), nil, []])
            #expect(received.map(\.value) == [Array("v".utf8), [], nil])
            #expect(received[0].headers == headers)
            #expect(received[0].header("twice") == "2")
            #expect(received[0].header("bytes") == nil)
            #expect(received[0].header("absent") == nil)
            #expect(received[1].headers.isEmpty)
            #expect(received[0].timestamp != nil)
            #expect(try await producer.watermarks(topic: topic, partition: 0) == (0, 3))
        }
    }

    @Test func moreThanTheQueueHoldsGoesThroughInOrder() async throws {
        let topic = MockBroker.uniqueName("client")
        let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 1)])
        let producer = try KafkaProducer(
            broker.configuration("producer", properties: ["queue.buffering.max.messages": "100"]),
            logger: .quiet("producer"))
        let results = await producer.send(
            (0..<5_000).map { KafkaRecord(topic: topic, key: "k", value: Array("\($0)".utf8)) })
        #expect(try results.map { try $0.get().offset } == Array(0..<5_000))
        await producer.close()
        broker.close()
    }

    @Test func concurrentCallersGetTheirOwnAnswers() async throws {
        try await with(3) { broker, topic, producer in
            let positions = try await withThrowingTaskGroup(of: [RecordPosition].self) { group in
                for caller in 0..<20 {
                    group.addTask {
                        let records = (0..<50).map { KafkaRecord(topic: topic, key: "\(caller)", value: [UInt8($0)]) }
                        return try await producer.send(records).map { try $0.get() }
                    }
                }
                var all: [RecordPosition] = []
                for try await positions in group {
                    #expect(positions.map(\.offset) == positions.map(\.offset).sorted())
                    all += positions
                }
                return all
            }
            #expect(Set(positions).count == 1_000)
        }
    }

    @Test func aRecordThatIsTooLargeIsRefusedAndItsKeyWaitsForTheCaller() async throws {
        try await with { broker, topic, producer in
            let results = await producer.send([
                KafkaRecord(topic: topic, key: "a", value: [1]),
                KafkaRecord(topic: topic, key: "a", value: Array(repeating: 0, count: 2_000_000)),
                KafkaRecord(topic: topic, key: "a", value: [3]),
                KafkaRecord(topic: topic, key: "b", value: [4]),
            ])
            #expect(throws: Never.self) { try results[0].get() }
            let refusal = #expect(throws: KafkaError.self) { try results[1].get() }
            #expect(refusal?.name == "MSG_SIZE_TOO_LARGE")
            #expect(refusal?.isRetriable == false)
            #expect(refusal?.isFatal == false)
            #expect(throws: KafkaError.predecessorRefused) { try results[2].get() }
            #expect(throws: Never.self) { try results[3].get() }
        }
    }

    @Test func whoStopsWaitingGetsAnAnswerAtOnce() async throws {
        // Nobody listens there.
        let producer = try KafkaProducer(
            KafkaConfiguration(bootstrap: "127.0.0.1:1", clientId: "nobody"), logger: .quiet("producer"))
        let started = Signal()
        let waiting = Task {
            started.send()
            return await producer.send([KafkaRecord(topic: "t", key: "k", value: [1])])
        }
        await started.wait()
        waiting.cancel()
        #expect(await waiting.value.map(faultName) == ["_OUTCOME_UNKNOWN"])
        await producer.close(flush: .zero)
        let afterwards = await producer.send([KafkaRecord(topic: "t", key: "k", value: [1])])
        #expect(afterwards.map(faultName) == ["_CLOSED"])
        await producer.close()
    }

    @Test func closingAnswersEverybodyAndIsBounded() async throws {
        let producer = try KafkaProducer(
            KafkaConfiguration(bootstrap: "127.0.0.1:1", clientId: "nobody"), logger: .quiet("producer"))
        let sends = (0..<5).map { _ in
            Task { await producer.send([KafkaRecord(topic: "t", key: "k", value: [1])]) }
        }
        let began = ContinuousClock.now
        await producer.close(flush: .milliseconds(100))
        for send in sends {
            for result in await send.value { #expect(throws: KafkaError.self) { try result.get() } }
        }
        #expect(ContinuousClock.now - began < .seconds(5))
    }

    @Test func whatIsNotStoredComesAgainAndWhatIsStoredDoesNot() async throws {
        try await with { broker, topic, producer in
            _ = await producer.send((0..<10).map { KafkaRecord(topic: topic, key: "k", value: [UInt8($0)]) })
            let group = MockBroker.uniqueName("group")
            let partition = TopicPartition(topic: topic, partition: 0)

            let first = try KafkaConsumer(
                broker.configuration("first"), group: group, topics: [topic], logger: .quiet("consumer"))
            #expect(try await collect(10, first).map(\.offset) == Array(0..<10))
            try await first.store([partition: 4])
            #expect(try await first.lag() == 6)
            await first.close()
            await #expect(throws: KafkaError.closed) { try await first.poll(max: 1, wait: .zero) }

            let second = try KafkaConsumer(
                broker.configuration("second"), group: group, topics: [topic], logger: .quiet("consumer"))
            #expect(try await collect(6, second).map(\.offset) == Array(4..<10))
            #expect(try await second.lag() == 6)
            try await second.store([partition: 10])
            #expect(try await second.lag() == 0)
            try await second.seekToBeginning(partition)
            #expect(try await collect(10, second).map(\.offset) == Array(0..<10))
            try await second.seek(partition, to: 8)
            #expect(try await collect(2, second).map(\.offset) == [8, 9])
            await second.close()
        }
    }

    @Test func aPollThatIsCancelledReturnsAtOnce() async throws {
        try await with { broker, topic, _ in
            let consumer = try await KafkaConsumer(
                broker.configuration("reader"), reading: [topic], logger: .quiet("consumer"))
            let began = ContinuousClock.now
            let poll = Task { try await consumer.poll(max: 1, wait: .seconds(60)) }
            poll.cancel()
            #expect(try await poll.value.isEmpty)
            #expect(ContinuousClock.now - began < .seconds(5))
            await consumer.close()
            await consumer.close()
        }
    }

    @Test func missingTopicsAreMadeAndExistingOnesKept() async throws {
        let existing = MockBroker.uniqueName("client")
        let missing = MockBroker.uniqueName("client")
        let broker = try await MockBroker.start(topics: [TopicSpec(name: existing, partitions: 2)])
        let admin = KafkaAdmin(broker.configuration("admin"), logger: .quiet("admin"))
        try await admin.ensureTopics([
            TopicSpec(name: existing, partitions: 5), TopicSpec(name: missing, partitions: 4, retentionMs: -1),
        ])
        let producer = try KafkaProducer(broker.configuration("producer"), logger: .quiet("producer"))
        let topics = try await producer.metadata().topics
        #expect(topics[existing] == 2)
        #expect(topics[missing] == 4)
        await producer.close()
        broker.close()
    }

    @Test func noBrokerIsAClearError() async throws {
        let admin = KafkaAdmin(
            KafkaConfiguration(bootstrap: "127.0.0.1:1", clientId: "admin"), logger: .quiet("admin"))
        let error = await #expect(throws: KafkaError.self) {
            try await admin.ensureTopics([TopicSpec(name: "t", partitions: 1)], within: .zero)
        }
        #expect(error?.isRetriable == true)
    }

    @Test func faultyPropertiesAreReportedTogether() {
        let error = #expect(throws: KafkaError.self) {
            try KafkaProducer(
                KafkaConfiguration(
                    bootstrap: "x", clientId: "y", properties: ["no.such.property": "1", "socket.timeout.ms": "-5"]),
                logger: .quiet("producer"))
        }
        #expect(error?.message.contains("no.such.property") == true)
        #expect(error?.message.contains("socket.timeout.ms") == true)
    }

    @Test func aGuaranteeCannotBeConfiguredAway() async throws {
        let topic = MockBroker.uniqueName("client")
        let broker = try await MockBroker.start(topics: [TopicSpec(name: topic, partitions: 1)])
        let producer = try KafkaProducer(
            broker.configuration("producer", properties: ["acks": "0", "enable.idempotence": "false"]),
            logger: .quiet("producer"))
        // With acks=0 there would be no offset.
        #expect(try await producer.send([KafkaRecord(topic: topic, key: "k", value: [1])])[0].get().offset == 0)
        await producer.close()
        broker.close()
    }

    private func faultName(_ result: Result<RecordPosition, KafkaError>) -> String? {
        if case .failure(let error) = result { error.name } else { nil }
    }

    private func collect(_ count: Int, _ consumer: KafkaConsumer) async throws -> [ReceivedRecord] {
        let deadline = ContinuousClock.now + .seconds(30)
        var records: [ReceivedRecord] = []
        while records.count < count, ContinuousClock.now < deadline {
            records += try await consumer.poll(max: 100, wait: .seconds(5))
        }
        return records
    }
}
