import Foundation
import Journal
import Kafka
import Testing

/// The topic may hold a record twice, late or not yet: effects take place once and in order all the same.
@Suite(.serialized, .timeLimit(.minutes(3))) struct DuplicateAndGapTests {
    @Test func republishedEventsHaveOneEffect() async throws {
        try await Bus.with { bus in
            try bus.startRelay(batchSize: 30)
            bus.startConsumer()
            for key in ["a", "b", "c"] { try await bus.publish(key, 1...40) }
            try await bus.waitForEffects(120)
            #expect(try await Republisher(database: bus.producing).request() == 120)
            #expect(try await bus.topicRecords(atLeast: 240).count == 240)
            try await bus.publish("a", 41...41)
            try await bus.waitForEffects(121)
            let effects = try await bus.effects()
            #expect(effects == ["a": Array(1...41), "b": Array(1...40), "c": Array(1...40)])
        }
    }

    @Test func everyRecordThreeTimesHasOneEffect() async throws {
        try await Bus.with { bus in
            bus.startConsumer()
            var records: [KafkaRecord] = []
            for number in 1...60 { for _ in 0..<3 { records.append(try bus.record("a", number)) } }
            try await bus.send(records)
            try await bus.send(try (1...60).map { try bus.record("a", $0) })
            try await bus.send([try bus.record("a", 61)])
            try await bus.waitForEffects(61)
            #expect(try await bus.effects() == ["a": Array(1...61)])
        }
    }

    @Test func recordsWithoutSequenceAreTakenOnceById() async throws {
        try await Bus.with { bus in
            bus.startConsumer()
            func device(_ number: Int) throws -> KafkaRecord {
                let record = try bus.record("device", number)
                return KafkaRecord(
                    topic: record.topic, key: record.key, value: record.value,
                    headers: record.headers.filter { $0.name != "ce_sequence" })
            }
            try await bus.send([try device(1), try device(2), try device(1), try device(2), try device(3)])
            try await bus.waitForEffects(3)
            try await bus.send([try device(3), try device(4)])
            try await bus.waitForEffects(4)
            #expect(try await bus.effects() == ["device": [1, 2, 3, 4]])
        }
    }

    @Test func aGapIsHeldAndReleased() async throws {
        try await Bus.with { bus in
            bus.startConsumer()
            try await bus.send([try bus.record("a", 1), try bus.record("b", 1)])
            try await bus.waitForEffects(2)
            // 2 is missing: 3 to 5 wait, in the database, and another key goes on.
            try await bus.send([
                try bus.record("a", 3), try bus.record("a", 4), try bus.record("a", 5), try bus.record("b", 2),
            ])
            try await bus.waitForEffects(3)
            try await bus.wait(for: "three records held") {
                try await bus.consuming.first("SELECT count(*) AS n FROM inbox_waiting") { try $0["n"] as Int } == 3
            }
            #expect(try await bus.effects() == ["a": [1], "b": [1, 2]])
            try await bus.send([try bus.record("a", 2)])
            try await bus.waitForEffects(7)
            #expect(try await bus.effects() == ["a": [1, 2, 3, 4, 5], "b": [1, 2]])
            #expect(
                try await bus.consuming.first("SELECT count(*) AS n FROM inbox_waiting") { try $0["n"] as Int } == 0)
        }
    }

    @Test func aHeldGapOutlivesTheConsumer() async throws {
        try await Bus.with { bus in
            let first = bus.startConsumer()
            try await bus.send([try bus.record("a", 2), try bus.record("a", 3)])
            try await bus.wait(for: "two records held") {
                try await bus.consuming.first("SELECT count(*) AS n FROM inbox_waiting") { try $0["n"] as Int } == 2
            }
            await first.kill()
            bus.startConsumer()
            try await bus.send([try bus.record("a", 1)])
            try await bus.waitForEffects(3)
            #expect(try await bus.effects() == ["a": [1, 2, 3]])
        }
    }
}
