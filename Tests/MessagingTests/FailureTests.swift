import Foundation
import Journal
import Kafka
import Synchronization
import Testing

/// Handlers that fail and records that cannot be read.
@Suite(.serialized, .timeLimit(.minutes(3))) struct FailureTests {
    struct Refused: Error {}

    @Test func aFailingHandlerIsTriedAgainAndNothingOfTheFailedTryStays() async throws {
        try await Bus.with { bus in
            let failures = Mutex(0)
            bus.startConsumer(
                .on(Counted.self, topics: [.init(name: bus.topic)]) { received, transaction in
                    try await bus.insert(received.event, transaction)
                    let fails =
                        received.event.number == 3
                        && failures.withLock { count in
                            count += 1
                            return count <= 3
                        }
                    if fails { throw Refused() }
                })
            try bus.startRelay()
            try await bus.publish("a", 1...6)
            try await bus.waitForEffects(6)
            #expect(try await bus.effects() == ["a": [1, 2, 3, 4, 5, 6]])
            #expect(failures.withLock { $0 } == 4)
            #expect(try await bus.deadLetters().count() == 0)
        }
    }

    @Test func aHandlerThatKeepsFailingParksItsKeyAndReplayReleasesIt() async throws {
        try await Bus.with { bus in
            let isMended = Mutex(false)
            let subscription = bus.subscription { event in
                if event.key == "bad", event.number == 3, !isMended.withLock({ $0 }) { throw Refused() }
            }
            bus.startConsumer(subscription)
            try bus.startRelay()
            for key in ["bad", "good", "fine"] { try await bus.publish(key, 1...10) }
            try await bus.waitForEffects(22)
            let letters = bus.deadLetters(subscription)
            try await bus.wait(for: "seven records behind the parked one") {
                try await letters.list().first?.waitingBehind == 7
            }
            // Later events of the key follow it; the other keys never noticed.
            try await bus.publish("bad", 11...12)
            try await bus.publish("good", 11...11)
            try await bus.waitForEffects(23)
            #expect(try await bus.effects() == ["bad": [1, 2], "good": Array(1...11), "fine": Array(1...10)])
            let letter = try #require(try await letters.list().first)
            #expect(try await letters.count() == 1)
            #expect(letter.kind == .handlerFailed)
            #expect(letter.sequence == 3)
            #expect(letter.tries == 5)
            try await bus.wait(for: "nine records behind the parked one") {
                try await letters.list().first?.waitingBehind == 9
            }
            let shown = try #require(try await letters.show(letter.id))
            #expect(shown.value.contains(#""number":3"#))

            let again = try await letters.replay(letter.id)
            guard case .failedAgain = again else {
                Issue.record("replayed although the cause is still there: \(String(describing: again))")
                return
            }
            isMended.withLock { $0 = true }
            #expect(try await letters.replay(letter.id) == .replayed(followers: 9))
            #expect(try await bus.effects()["bad"] == Array(1...12))
            #expect(try await letters.count() == 0)
            #expect(try await letters.replay(letter.id) == .alreadyDone)
            // The stream flows again.
            try await bus.publish("bad", 13...13)
            try await bus.waitForEffects(34)
            #expect(try await bus.effects()["bad"] == Array(1...13))
        }
    }

    @Test func oneInAHundredPoisonedIsSetAsideAndHoldsUpNobody() async throws {
        try await Bus.with { bus in
            bus.startConsumer()
            var records: [KafkaRecord] = []
            for number in 1...1_000 {
                if number.isMultiple(of: 100) { records.append(try poison(bus, number / 100)) }
                records.append(try bus.record("key-\(number % 5)", (number - 1) / 5 + 1))
            }
            try await bus.send(records)
            try await bus.waitForEffects(1_000)
            let effects = try await bus.effects()
            #expect(effects.count == 5)
            for numbers in effects.values { #expect(numbers == Array(1...200)) }
            let letters = bus.deadLetters()
            try await bus.wait(for: "ten dead letters") { try await letters.count() == 10 }
            let list = try await letters.list()
            #expect(list.filter { $0.kind == .unknownType }.count == 1)
            #expect(list.filter { $0.kind == .undecodable }.count == 9)
            for letter in list {
                #expect(letter.tries == 1)
                #expect(try await letters.show(letter.id) != nil)
            }
        }
    }

    /// Ten ways to be unreadable.
    private func poison(_ bus: Bus, _ kind: Int) throws -> KafkaRecord {
        let good = try bus.record("poison-\(kind)", 1)
        func with(value: [UInt8]?) -> KafkaRecord {
            KafkaRecord(topic: good.topic, key: good.key, value: value, headers: good.headers)
        }
        func with(_ name: String, _ value: [UInt8]?) -> KafkaRecord {
            let headers =
                good.headers.filter { $0.name != name } + (value.map { [KafkaHeader(name: name, value: $0)] } ?? [])
            return KafkaRecord(topic: good.topic, key: good.key, value: good.value, headers: headers)
        }
        return switch kind {
        case 1: with(value: Array("{\"key\":".utf8))
        case 2: with(value: Array("{\"key\":\"poison\"}".utf8))
        case 3: with(value: nil)
        case 4: with(value: [0xff, 0x00, 0xfe])
        case 5: with("ce_id", nil)
        case 6: with("ce_type", Array("brightkitchen.test.thing.nobody-knows.v1".utf8))
        case 7: with("ce_sequence", Array("minus one".utf8))
        case 8: with("ce_time", Array("2026-11-23T10:00:00".utf8))
        case 9: with("ce_source", [0xc3, 0x28])
        default: KafkaRecord(topic: good.topic, key: nil, value: Array("not even a key".utf8))
        }
    }

    @Test func anUnreadableEventOfAStreamDoesNotStopTheStream() async throws {
        try await Bus.with { bus in
            bus.startConsumer()
            let second = try bus.record("a", 2)
            try await bus.send([
                try bus.record("a", 1),
                KafkaRecord(topic: second.topic, key: second.key, value: Array("{}".utf8), headers: second.headers),
                try bus.record("a", 3),
            ])
            try await bus.waitForEffects(2)
            #expect(try await bus.effects() == ["a": [1, 3]])
            #expect(try await bus.deadLetters().list().map(\.sequence) == [2])
        }
    }

    @Test func aDatabaseThatIsAwayIsWaitedFor() async throws {
        try await Bus.with { bus in
            try bus.startRelay()
            bus.startConsumer()
            try await bus.publish("a", 1...5)
            try await bus.waitForEffects(5)
            // All connections of the consumer and of the relay are cut, again and again, while events flow.
            for round in 1...5 {
                try await bus.publish("a", round * 5 + 1...round * 5 + 5)
                try await bus.observing.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database()
                      AND application_name IN ('test-consuming', 'test-producing-relay')
                    """)
            }
            try await bus.waitForEffects(30)
            #expect(try await bus.effects() == ["a": Array(1...30)])
            #expect(try await bus.deadLetters().count() == 0)
        }
    }
}
