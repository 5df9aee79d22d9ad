import Foundation
import Journal
import Kafka
import Testing

/// Whatever dies at whatever point: nothing is lost, no effect takes place twice, no key changes its order.
@Suite(.serialized, .timeLimit(.minutes(5))) struct KillTests {
    // MARK: the producing service

    @Test func killedBeforeCommitNothingHappened() async throws {
        try await Bus.with { bus in
            try bus.startRelay()
            bus.startConsumer()
            let point = KillPoint()
            let command = Task {
                try await bus.producing.transaction { transaction in
                    try await bus.publish("a", 1, transaction)
                    try await point.hold()
                }
            }
            try await point.whenReached()
            command.cancel()
            await #expect(throws: (any Error).self) { try await command.value }
            try await bus.publish("a", 2...2)
            try await bus.waitForEffects(1)
            #expect(try await bus.effects() == ["a": [2]])
            // The number of the aborted event was never given.
            #expect(try await bus.topicRecords(atLeast: 1).map { $0.header("ce_sequence") } == ["1"])
        }
    }

    @Test func connectionCutBeforeCommitNothingHappened() async throws {
        try await Bus.with { bus in
            await #expect(throws: (any Error).self) {
                try await bus.producing.transaction { transaction in
                    try await bus.publish("a", 1, transaction)
                    let pid = try await transaction.first("SELECT pg_backend_pid() AS pid") { try $0["pid"] as Int }
                    try await bus.consuming.execute("SELECT pg_terminate_backend(\(pid ?? 0)::int)")
                    try await bus.publish("a", 2, transaction)
                }
            }
            try await bus.publish("a", 3...3)
            try bus.startRelay()
            bus.startConsumer()
            try await bus.waitForEffects(1)
            #expect(try await bus.effects() == ["a": [3]])
        }
    }

    @Test func killedAfterCommitTheNextRelaySends() async throws {
        try await Bus.with { bus in
            // The process that committed is gone before any relay saw the entries.
            try await bus.publish("a", 1...20)
            #expect(try await bus.pendingCount() == 20)
            try bus.startRelay()
            bus.startConsumer()
            try await bus.waitForEffects(20)
            try await bus.waitUntilAllIsSent()
            #expect(try await bus.effects() == ["a": Array(1...20)])
        }
    }

    @Test func relayKilledAfterSequencingBeforeSending() async throws {
        try await relayKilled { step in if case .sequenced = step { true } else { false } }
    }

    @Test func relayKilledAfterSendingBeforeMarking() async throws {
        try await relayKilled { step in if case .delivered = step { true } else { false } }
    }

    @Test func relayKilledAfterMarking() async throws {
        try await relayKilled { step in if case .marked = step { true } else { false } }
    }

    /// Kills five relays one after the other at that step, each a little further on, while events are written.
    private func relayKilled(at isPoint: @escaping @Sendable (RelayStep) -> Bool) async throws {
        try await Bus.with { bus in
            bus.startConsumer()
            for round in 0..<5 {
                for key in ["a", "b"] { try await bus.publish(key, round * 40 + 1...round * 40 + 40) }
                let point = KillPoint(skipping: round)
                let relay = try bus.startRelay(batchSize: 10) { step in
                    if isPoint(step) { try await point.hold() }
                }
                try await point.whenReached()
                await relay.kill()
            }
            try bus.startRelay(batchSize: 10)
            try await bus.waitForEffects(400)
            try await bus.waitUntilAllIsSent()
            #expect(try await bus.effects() == ["a": Array(1...200), "b": Array(1...200)])
            // At most one batch is on the topic twice for each kill.
            let records = try await bus.topicRecords(until: { Set($0.compactMap { $0.header("ce_id") }).count >= 400 })
            #expect(records.count <= 400 + 5 * 10)
            #expect(Set(records.compactMap { $0.header("ce_id") }).count == 400)
        }
    }

    @Test func twoRelaysOfOneSchemaTakeTurns() async throws {
        try await Bus.with { bus in
            bus.startConsumer()
            let point = KillPoint(skipping: 3)
            let first = try bus.startRelay(batchSize: 5) { step in
                if case .delivered = step { try await point.hold() }
            }
            try await bus.publish("a", 1...50)
            try await point.whenReached()
            try bus.startRelay(batchSize: 5)
            try await bus.publish("a", 51...100)
            await first.kill()
            try await bus.waitForEffects(100)
            #expect(try await bus.effects() == ["a": Array(1...100)])
        }
    }

    // MARK: the consuming service

    @Test func consumerKilledInsideTheTransaction() async throws {
        try await Bus.with { bus in
            try bus.startRelay()
            let point = KillPoint(skipping: 7)
            let first = bus.startConsumer(bus.subscription { _ in try await point.hold() })
            try await bus.publish("a", 1...20)
            try await point.whenReached()
            await first.kill()
            #expect(try await bus.effectCount() == 0)
            bus.startConsumer()
            try await bus.waitForEffects(20)
            #expect(try await bus.effects() == ["a": Array(1...20)])
        }
    }

    @Test func consumerKilledAfterCommitBeforeTheOffsetIsStored() async throws {
        try await consumerKilled { step in if case .committed = step { true } else { false } }
    }

    @Test func consumerKilledAfterTheOffsetIsStored() async throws {
        try await consumerKilled { step in if case .offsetsStored = step { true } else { false } }
    }

    private func consumerKilled(at isPoint: @escaping @Sendable (EventConsumer.Step) -> Bool) async throws {
        try await Bus.with { bus in
            try bus.startRelay()
            for round in 0..<3 {
                try await bus.publish("a", round * 20 + 1...round * 20 + 20)
                let point = KillPoint()
                let consumer = bus.startConsumer { step in if isPoint(step) { try await point.hold() } }
                try await point.whenReached()
                await consumer.kill()
            }
            bus.startConsumer()
            try await bus.publish("a", 61...61)
            try await bus.waitForEffects(61)
            #expect(try await bus.effects() == ["a": Array(1...61)])
        }
    }

    @Test func twoConsumersShareTheWorkAndHandItOver() async throws {
        try await Bus.with { bus in
            try bus.startRelay(batchSize: 20)
            let first = bus.startConsumer()
            for key in 0..<12 { try await bus.publish("key-\(key)", 1...10) }
            try await bus.waitForEffects(120)
            bus.startConsumer()
            for key in 0..<12 { try await bus.publish("key-\(key)", 11...20) }
            try await bus.waitForEffects(240)
            for key in 0..<12 { try await bus.publish("key-\(key)", 21...30) }
            await first.kill()
            try await bus.waitForEffects(360)
            let effects = try await bus.effects()
            #expect(effects.count == 12)
            for numbers in effects.values { #expect(numbers == Array(1...30)) }
        }
    }
}
