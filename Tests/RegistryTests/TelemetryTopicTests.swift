import Calendar
import Concurrency
import Contracts
import Journal
import Kafka
import Logging
import Synchronization
import TestSupport
import Testing

@testable import RegistryService

/// The topic end to end: what a platform sends is in the database before its offsets are stored.
struct TelemetryTopicTests {
    private struct Unavailable: Error {}

    @Test func reportsComeInOnceTheHandlerHasStoredThem() async throws {
        try await TelemetryTest.run { test in
            let broker = try await MockBroker.start(topics: [TopicSpec(name: Topic.telemetry.name, partitions: 3)])
            let producer = try InboundProducer(
                kafka: broker.configuration("vms"), topic: .telemetry, logger: .quiet("vms"))
            let plan = TelemetrySimulator.Plan(
                platform: "vms", batchSize: 7, lostPermille: 0, flappingPermille: 0, skewPermille: 0,
                unrecordedPermille: 0, lostDivision: "440784")
            let simulator = TelemetrySimulator(gbIds: test.cameras.map(\.gbId), plan: plan)
            let records = simulator.poll(0, at: test.now, interval: .seconds(60))
            let rubbish = InboundRecord(key: nil, value: [0xff, 0x00])
            try await producer.send(
                [rubbish] + records.enumerated().map { InboundRecord(key: [UInt8($0.offset)], value: $0.element) })

            let isHeld = Atomic(false)
            let seen = Mutex(0)
            let failures = Mutex(1)
            let done = Signal()
            let monitor = test.monitor
            let consumer = InboundConsumer(
                kafka: broker.configuration("registry"), group: "registry-telemetry", topic: .telemetry,
                logger: .quiet("consumer"), mayRun: { isHeld.load(ordering: .acquiring) },
                handle: { batch in
                    let fails = failures.withLock { left in
                        left -= 1
                        return left >= 0
                    }
                    if fails { throw Unavailable() }
                    try await monitor.take(batch)
                    try await monitor.flush()
                    let count = seen.withLock { seen in
                        seen += batch.count
                        return seen
                    }
                    if count >= records.count + 1 { done.send() }
                })
            let task = Task { try await consumer.run() }
            #expect(seen.withLock { $0 } == 0, "another instance holds the lease")
            isHeld.store(true, ordering: .releasing)
            #expect(await done.wait(atMost: .seconds(30)))
            task.cancel()
            _ = await task.result
            await producer.close()

            #expect(seen.withLock { $0 } == records.count + 1, "the batch that failed came again, nothing came twice")
            let states = try await SignalIntervalStore.current(test.client.pool)
            #expect(states.count == test.cameras.count)
            let heshan = Set(test.cameras.filter { $0.gbId.hasPrefix("440784") }.map(\.id))
            #expect(states.allSatisfy { ($0.1.state == .lost) == heshan.contains($0.0) })
            let refusals = try await RefusalStore.since(LocalDate(test.now), test.client.pool)
            #expect(refusals.map(\.reason) == [.undecodable])
            let recorded = try await RecordingStore.days(
                of: test.cameras.map(\.id), from: LocalDate(test.now), through: LocalDate(test.now), test.client.pool)
            #expect(recorded.count == test.cameras.count - heshan.count)
            #expect(recorded.values.allSatisfy { $0.total == 60_000 })
            broker.close()
        }
    }

    @Test func oneInstanceAtATimeTakesReportsIn() async throws {
        try await RegistryTest.run { client in
            let first = TelemetryLease(pool: client.pool)
            let second = TelemetryLease(pool: client.pool)
            #expect(try await first.renew() == .begun)
            #expect(try await second.renew() == .taken)
            #expect(try await first.renew() == .renewed)
            #expect(first.isHeld && !second.isHeld)
            // The first one died.
            try await client.pool.execute("UPDATE telemetry_lease SET until = now() - interval '1 second'")
            #expect(try await second.renew() == .begun)
            #expect(try await first.renew() == .taken)
            #expect(!first.isHeld && second.isHeld)
            try await second.release()
            #expect(try await first.renew() == .begun)
        }
    }
}
