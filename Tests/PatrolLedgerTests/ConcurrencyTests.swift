import Contracts
import Foundation
import Journal
import Postgres
import TestSupport
import Testing

@testable import PatrolLedgerService

/// Many officers submit at once while their database connections are cut at random: numbers stay without a gap, every
/// entry has its event, the journal's streams have no hole, and the log still verifies.
@Suite(.timeLimit(.minutes(5))) struct ConcurrencyTests {
    @Test(arguments: [UInt64(20_201_209), 232])
    func killedConnectionsNeverBreakNumberingOrTheTree(seed: UInt64) async throws {
        try await PatrolWorld.run(canteens: 3) { world in
            let client = world.client
            let persons = [TestPersons.station, TestPersons.county, TestPersons.city]
            var patrols: [(PatrolID, Int)] = []
            for round in 0..<4 {
                for index in persons.indices {
                    let patrol = try await world.open([round % 3 + 1], as: persons[index])
                    try await world.visit(round % 3 + 1, in: patrol, as: persons[index])
                    patrols.append((patrol, index))
                }
            }
            let work = patrols
            let done = PatrolCounter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (patrol, index) in work {
                    group.addTask {
                        // As a program would: again until the server has answered for good.
                        for _ in 0..<200 {
                            do {
                                _ = try await world.service.desk.close(patrol, by: world.caller(persons[index]))
                                break
                            } catch let refusal as Refusal where refusal.kind == .conflict {
                                // The connection was cut after the commit: the patrol is closed.
                                break
                            } catch is Refusal {
                                throw CancellationError()
                            } catch {
                                continue
                            }
                        }
                        await done.count()
                    }
                }
                group.addTask {
                    var random = seed
                    while await done.value < work.count {
                        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        do {
                            _ = try await client.pool.query(
                                """
                                SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
                                WHERE datname = current_database() AND pid <> pg_backend_pid()
                                ORDER BY hashint8(pid::bigint # \(Int(truncatingIfNeeded: random >> 1))) LIMIT 2
                                """
                            ) { try $0["ended"] as Bool }
                        } catch {
                            // The killer's own connection was taken from it: the next round goes on.
                            continue
                        }
                        await Task.yield()
                    }
                }
                try await group.waitForAll()
            }
            let open = try await client.pool.query("SELECT patrol_id FROM patrol WHERE state = 'in_progress'") {
                try $0["patrol_id"] as PatrolID
            }
            #expect(open.isEmpty)
            // Numbers 1…4 of each organ, each once; every entry told of exactly once.
            let numbers = try await client.pool.query(
                "SELECT organ_id, number FROM ledger_entry ORDER BY organ_id, number"
            ) { "\(try $0["organ_id"] as String) \(try $0["number"] as Int)" }
            let organs = persons.compactMap(\.organId?.rawValue).sorted()
            #expect(numbers == organs.flatMap { organ in (1...4).map { "\(organ) \($0)" } })
            let appended = try await world.events(LedgerAppended.self).map(\.ledgerNumber)
            #expect(appended.count == 12 && Set(appended).count == 12)
            #expect(try await world.events(PatrolClosed.self).count == 12)
            // No hole in any stream of the journal.
            let holes = try await client.pool.query(
                """
                SELECT topic FROM journal WHERE topic IS NOT NULL GROUP BY topic, partition_key
                HAVING max(sequence) <> count(*) OR min(sequence) <> 1 OR count(DISTINCT sequence) <> count(*)
                """
            ) { try $0["topic"] as String }
            #expect(holes.isEmpty)
            try await world.sequence()
            let verifier = JournalVerifier(
                service: "patrol-ledger", pool: client.pool, keys: [PatrolWorld.signer.key])
            let report = try await verifier.verify()
            #expect(report.isIntact, "\(report.failures)")
        }
    }
}

private actor PatrolCounter {
    private(set) var value = 0
    func count() { value += 1 }
}
