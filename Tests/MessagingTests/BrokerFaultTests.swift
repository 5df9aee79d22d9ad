import Foundation
import Journal
import Kafka
import Postgres
import TestSupport
import Testing

/// Faults of the broker itself: only the embedded one lets itself be broken.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: MockBroker.realBootstrap == nil))
struct BrokerFaultTests {
    @Test func aBrokerThatLostItsMemoryIsFilledAgainAndEverybodyConverges() async throws {
        try await Bus.with { bus in
            try bus.startRelay(batchSize: 25)
            bus.startConsumer()
            for key in ["a", "b", "c"] { try await bus.publish(key, 1...50) }
            try await bus.waitForEffects(150)
            try await bus.waitUntilAllIsSent()

            try bus.broker.stop()
            // Commands keep succeeding while there is no broker.
            for key in ["a", "b", "c"] { try await bus.publish(key, 51...60) }
            #expect(try await bus.pendingCount() == 30)
            try bus.broker.startEmpty()

            try await bus.waitForEffects(180)
            let expected = ["a": Array(1...60), "b": Array(1...60), "c": Array(1...60)]
            #expect(try await bus.effects() == expected)
            // The new log holds all of it in order, so that whoever starts from zero misses nothing. What was on its way
            // when the broker went may come before that once more.
            _ = try await bus.topicRecords { records in
                ["a", "b", "c"].allSatisfy { key in
                    let own = records.filter { $0.header("ce_partitionkey") == key }
                    return Self.holds((1...60).map(String.init), in: own.compactMap { $0.header("ce_sequence") })
                }
            }
            for key in ["a", "b", "c"] { try await bus.publish(key, 61...61) }
            try await bus.waitForEffects(183)
        }
    }

    @Test func twiceInARowAndWithAConsumerThatIsNew() async throws {
        try await Bus.with { bus in
            try bus.startRelay(batchSize: 10)
            let first = bus.startConsumer()
            var last = 0
            for _ in 0..<2 {
                try await bus.publish("a", last + 1...last + 30)
                last += 30
                try await bus.waitForEffects(last)
                try bus.broker.stop()
                try bus.broker.startEmpty()
            }
            await first.kill()
            bus.startConsumer()
            try await bus.publish("a", last + 1...last + 5)
            try await bus.waitForEffects(last + 5)
            #expect(try await bus.effects() == ["a": Array(1...last + 5)])

            // Another service that starts from zero after all this has the whole story.
            try await bus.database.migrate(
                schema: "newcomer",
                JournalMigrations.all + [
                    Migration(
                        name: "V001_effects",
                        sql: "CREATE TABLE effect (n bigserial PRIMARY KEY, key text NOT NULL, number bigint NOT NULL)")
                ])
            let pool = bus.database.pool(schema: "newcomer")
            let newcomer = bus.startConsumer(group: MockBroker.uniqueName("newcomer"), pool: pool)
            let total = last + 5
            try await bus.wait(for: "the newcomer's effects") { try await bus.effectCount(pool) >= total }
            #expect(try await bus.effects(pool) == ["a": Array(1...total)])
            await newcomer.kill()
            await pool.close()
        }
    }

    @Test func anOutageLosesNothing() async throws {
        try await Bus.with { bus in
            try bus.startRelay(batchSize: 10)
            bus.startConsumer()
            try await bus.publish("a", 1...20)
            try await bus.waitForEffects(20)
            for round in 1...3 {
                try bus.broker.faults().setDown()
                try await bus.publish("a", round * 20 + 1...round * 20 + 20)
                try bus.broker.faults().setUp()
            }
            try await bus.waitForEffects(80)
            #expect(try await bus.effects() == ["a": Array(1...80)])
            #expect(try await bus.topicRecords(atLeast: 80).count == 80)
        }
    }

    /// Error codes of the Kafka protocol that a producer meets in real life.
    @Test(
        arguments: [
            ("NOT_LEADER", Int32(6)), ("REQUEST_TIMED_OUT", 7), ("NETWORK_EXCEPTION", 13), ("NOT_ENOUGH_REPLICAS", 19),
            ("NOT_ENOUGH_REPLICAS_AFTER_APPEND", 20), ("OUT_OF_ORDER_SEQUENCE_NUMBER", 45), ("KAFKA_STORAGE_ERROR", 56),
            ("UNKNOWN_PRODUCER_ID", 59),
        ])
    func refusedProduceRequestsLoseNothing(name: String, code: Int32) async throws {
        try await Bus.with { bus in
            try bus.startRelay(batchSize: 20)
            bus.startConsumer()
            try await bus.publish("a", 1...20)
            try await bus.waitForEffects(20)
            try bus.broker.faults().failNext(.produce, with: Array(repeating: code, count: 3))
            for key in ["a", "b"] { try await bus.publish(key, 21...60) }
            try await bus.publish("c", 1...10)
            // Key b begins with number 21: its first sequence is 1 all the same.
            try await bus.waitForEffects(20 + 80 + 10)
            #expect(try await bus.effects() == ["a": Array(1...60), "b": Array(21...60), "c": Array(1...10)])
        }
    }

    @Test func aMovingCoordinatorLosesNothing() async throws {
        try await Bus.with { bus in
            try bus.startRelay()
            bus.startConsumer()
            try await bus.publish("a", 1...10)
            try await bus.waitForEffects(10)
            let faults = try bus.broker.faults()
            faults.failNext(.heartbeat, with: [16, 15, 14])
            faults.failNext(.offsetCommit, with: [16, 14, 25, 27])
            faults.failNext(.findCoordinator, with: [15, 15])
            faults.failNext(.fetch, with: [6, 3, 13])
            for round in 1...5 { try await bus.publish("a", round * 10 + 1...round * 10 + 10) }
            try await bus.waitForEffects(60)
            #expect(try await bus.effects() == ["a": Array(1...60)])
        }
    }

    @Test func aSlowBrokerKeepsTheOrder() async throws {
        try await Bus.with { bus in
            try bus.broker.faults().setRoundTrip(.milliseconds(200))
            try bus.startRelay(batchSize: 10)
            bus.startConsumer()
            try await bus.publish("a", 1...60)
            try await bus.waitForEffects(60)
            #expect(try await bus.effects() == ["a": Array(1...60)])
        }
    }

    /// The values occur in this order, whatever else is between them.
    private static func holds(_ values: [String], in list: [String]) -> Bool {
        var rest = values[...]
        for element in list where element == rest.first { rest.removeFirst() }
        return rest.isEmpty
    }
}
