import ArgumentParser
import Calendar
import Concurrency
import Journal
import Postgres

/// `Benchmarks fill`: appends many events, a thousand in a transaction: what the relay then carries, and the bulk append
/// of P10.
struct FillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fill", abstract: "Append many events.")
    @OptionGroup var scratch: ScratchJournal
    @Option(help: "How many.")
    var events = 50_000
    @Option(help: "In one transaction.")
    var batch = 1_000

    func run() async throws {
        let pool = scratch.pool(size: 2)
        let measurement = Measurement()
        for start in stride(from: 0, to: events, by: batch) {
            let things = (start..<min(start + batch, events)).map { ThingChanged.numbered($0, topic: scratch.topic) }
            _ = try await pool.transaction { transaction in
                try await transaction.publish(things, ScratchJournal.context, occurredAt: SystemClock().now())
            }
        }
        try measurement.report(events)
        await pool.close()
    }
}
