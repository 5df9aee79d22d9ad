import ArgumentParser
import Calendar
import Concurrency
import Contracts
import Journal
import Postgres

/// `Benchmarks journal`: commands as services run them, one transaction each: a domain row, the journal entry, the
/// pending row (P1). With `--log-only` nothing but an entry of the log, the durable acknowledged append of P10.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "journal", abstract: "Run commands concurrently.")
    @OptionGroup var scratch: ScratchJournal
    @Option(help: "Commands at once.")
    var clients = 8
    @Option(help: "For so long.")
    var seconds = 5.0
    @Flag(help: "Append to the log only.")
    var logOnly = false

    func run() async throws {
        let pool = scratch.pool(size: clients)
        let measurement = Measurement()
        let end = ContinuousClock.now + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<clients {
                group.addTask { try await work(client, pool, until: end) }
            }
            var count = 0
            while let some = try await group.next() { count += some }
            return count
        }
        try measurement.report(count)
        await pool.close()
    }

    private func work(_ client: Int, _ pool: PostgresPool, until end: ContinuousClock.Instant) async throws -> Int {
        var count = 0
        while ContinuousClock.now < end {
            let number = count * clients + client
            let now = SystemClock().now()
            if logOnly {
                _ = try await pool.transaction { transaction in
                    try await transaction.record(
                        "brightkitchen.bench.thing.seen.v1", subject: "canteen-\(number % ThingChanged.keys)",
                        data: ["text": ThingChanged.text], ScratchJournal.context, occurredAt: now)
                }
            } else {
                _ = try await pool.transaction { transaction in
                    try await transaction.execute(
                        "INSERT INTO thing (id, state, changed_at) VALUES (\(UUIDv7.string()), \("open"), \(now))")
                    return try await transaction.publish(
                        ThingChanged.numbered(number, topic: scratch.topic), ScratchJournal.context, occurredAt: now)
                }
            }
            count += 1
        }
        return count
    }
}
