import ArgumentParser
import Concurrency
import Contracts
import Journal
import Postgres
import Synchronization

/// `Benchmarks consume`: takes events from the topic into a projection: decoding, duplicates, order of each stream, one
/// row a canteen with its version (P3). Ends after `--events`.
struct ConsumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "consume", abstract: "Project what is on the topic.")
    @OptionGroup var scratch: ScratchJournal
    @Option(help: "How many there are.")
    var events: Int
    @Option(help: "Consumer group; a new one reads from the beginning.")
    var group: String

    func run() async throws {
        let pool = scratch.pool(size: 4)
        let committed = Mutex(0)
        let done = Signal()
        let events = events
        let first = Mutex<Measurement?>(nil)
        let consumer = EventConsumer(
            service: "bench", group: group, pool: pool, kafka: scratch.kafka, subscriptions: [Self.projection(scratch)],
            logger: scratch.logger
        ) { step in
            switch step {
            // Joining the group takes the broker's time, not ours.
            case .received: first.withLock { if $0 == nil { $0 = Measurement() } }
            case .committed(let count):
                let all = committed.withLock { committed in
                    committed += count
                    return committed
                }
                if all >= events { done.send() }
            case .offsetsStored: break
            }
        }
        let work = Task { try await consumer.run() }
        await done.wait()
        try first.withLock { $0 }?.report(committed.withLock { $0 })
        work.cancel()
        _ = await work.result
        await pool.close()
    }

    private static func projection(_ scratch: ScratchJournal) -> Subscription {
        .onBatch(ThingChanged.self, topics: [Topic(name: scratch.topic)]) { received, transaction in
            // The newest of each key is what remains; the version guards against what is older than the row.
            var newest: [String: ReceivedEvent<ThingChanged>] = [:]
            for event in received { newest[event.event.key] = event }
            let rows = newest.values.sorted { $0.event.key < $1.event.key }
            try await transaction.execute(
                """
                INSERT INTO seen AS s (key, number, version, text)
                SELECT * FROM unnest(\(rows.map(\.event.key))::text[], \(rows.map(\.event.number))::bigint[],
                                     \(rows.map { $0.sequence ?? 0 })::bigint[], \(rows.map(\.event.text))::text[])
                ON CONFLICT (key) DO UPDATE SET number = excluded.number, version = excluded.version,
                    text = excluded.text
                WHERE s.version < excluded.version
                """)
        }
    }
}
