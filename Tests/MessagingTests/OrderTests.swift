import Foundation
import Kafka
import Testing

/// Events of one key have their effects in the order of their commits; other keys do not hold them up.
@Suite(.serialized, .timeLimit(.minutes(3))) struct OrderTests {
    @Test func manyWritersOneOrderPerKey() async throws {
        try await Bus.with { bus in
            try bus.startRelay(batchSize: 50)
            bus.startConsumer()
            // Eight writers on four keys: two writers of one key take turns on the key's head.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for step in 0..<40 {
                            try await bus.publish("key-\(writer % 4)", writer * 100 + step...writer * 100 + step)
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await bus.waitForEffects(320)
            let written = try await bus.producing.query(
                """
                SELECT partition_key, convert_from(data, 'UTF8')::json->>'number' AS number
                FROM journal ORDER BY position
                """
            ) { row -> (String, Int) in
                (try row["partition_key"], Int(try row["number"] as String) ?? -1)
            }
            let expected = Dictionary(grouping: written, by: \.0).mapValues { $0.map(\.1) }
            #expect(try await bus.effects() == expected)
            #expect(expected.count == 4)
            for numbers in expected.values { #expect(Set(numbers).count == 80) }
        }
    }

    @Test func sequencesOfAKeyAreGapFreeAndTheTopicKeepsThem() async throws {
        try await Bus.with { bus in
            try bus.startRelay(batchSize: 7)
            for round in 0..<10 {
                for key in ["a", "b", "c"] { try await bus.publish(key, round * 3 + 1...round * 3 + 3) }
            }
            let records = try await bus.topicRecords(atLeast: 90)
            for key in ["a", "b", "c"] {
                let own = records.filter { $0.header("ce_partitionkey") == key }
                #expect(own.compactMap { $0.header("ce_sequence") } == (1...30).map(String.init))
                #expect(Set(own.map(\.partition)).count == 1)
                #expect(own.allSatisfy { $0.key == Array(key.utf8) })
            }
        }
    }

    @Test func aTransactionHeldOpenLosesNothingAndHoldsUpNobodyElse() async throws {
        try await Bus.with { bus in
            try bus.startRelay()
            bus.startConsumer()
            let isOpen = KillPoint()
            // Takes a low position, stays open while others commit, then is rolled back by its end.
            let held = Task {
                try await bus.producing.transaction { transaction in
                    try await bus.publish("held", 1, transaction)
                    try await isOpen.hold()
                }
            }
            try await isOpen.whenReached()
            for number in 1...100 { try await bus.publish("free", number...number) }
            try await bus.waitForEffects(100)
            held.cancel()
            _ = await held.result
            try await bus.publish("held", 2...2)
            try await bus.waitForEffects(101)
            #expect(try await bus.effects() == ["free": Array(1...100), "held": [2]])
        }
    }
}
