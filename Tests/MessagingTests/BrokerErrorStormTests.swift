import Foundation
import Kafka
import TestSupport
import Testing

/// Errors of the broker one after the other, each on a record of its own: nothing is lost, no effect takes place twice,
/// and neither relay nor consumer gives up. `BRIGHT_KITCHEN_BROKER_ERRORS` says how many of each (5; the fault suite: 100).
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: MockBroker.realBootstrap == nil))
struct BrokerErrorStormTests {
    static let rounds = ProcessInfo.processInfo.environment["BRIGHT_KITCHEN_BROKER_ERRORS"].flatMap { Int($0) } ?? 5

    @Test(
        arguments: [
            ("NOT_LEADER", Int32(6)), ("REQUEST_TIMED_OUT", 7), ("NOT_ENOUGH_REPLICAS_AFTER_APPEND", 20),
            ("OUT_OF_ORDER_SEQUENCE_NUMBER", 45),
        ])
    func produceRequestsAreRefusedAgainAndAgain(name: String, code: Int32) async throws {
        try await Bus.with { bus in
            try bus.startRelay(batchSize: 20)
            bus.startConsumer()
            let faults = try bus.broker.faults()
            for round in 1...Self.rounds {
                faults.failNext(.produce, with: [code])
                for key in ["a", "b"] { try await bus.publish(key, round...round) }
                // The next error hits the next record, not the repetition of this one.
                try await bus.waitUntilAllIsSent()
            }
            try await bus.waitForEffects(2 * Self.rounds)
            #expect(try await bus.effects() == ["a": Array(1...Self.rounds), "b": Array(1...Self.rounds)])
        }
    }

    @Test func theCoordinatorMovesAgainAndAgain() async throws {
        try await Bus.with { bus in
            try bus.startRelay()
            bus.startConsumer()
            let faults = try bus.broker.faults()
            for round in 1...Self.rounds {
                // NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS, UNKNOWN_MEMBER_ID.
                faults.failNext(.offsetCommit, with: [16])
                faults.failNext(.findCoordinator, with: [15])
                faults.failNext(.heartbeat, with: [round.isMultiple(of: 2) ? 25 : 14])
                try await bus.publish("a", round...round)
                try await bus.waitForEffects(round)
            }
            #expect(try await bus.effects() == ["a": Array(1...Self.rounds)])
        }
    }

    @Test func halfASecondThereAndBack() async throws {
        try await Bus.with { bus in
            try bus.broker.faults().setRoundTrip(.milliseconds(500))
            try bus.startRelay(batchSize: 5)
            bus.startConsumer()
            for key in ["a", "b", "c"] { try await bus.publish(key, 1...10) }
            try await bus.waitForEffects(30)
            #expect(try await bus.effects() == ["a": Array(1...10), "b": Array(1...10), "c": Array(1...10)])
        }
    }
}
