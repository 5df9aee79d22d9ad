import ArgumentParser
import Concurrency
import Journal
import Synchronization

/// `Benchmarks relay`: carries everything that is pending to the broker: sequence, leaf, tree, send, acknowledge, mark
/// (P2). Ends when nothing is pending and a checkpoint is signed.
struct RelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "relay", abstract: "Deliver what is pending.")
    @OptionGroup var scratch: ScratchJournal

    func run() async throws {
        let pool = scratch.pool(size: 4)
        let pending = try await pool.first("SELECT count(*) AS n FROM journal_pending") { try $0["n"] as Int } ?? 0
        let marked = Mutex(0)
        let done = Signal()
        let relay = Relay(
            service: "bench", database: scratch.configuration(), pool: pool, kafka: scratch.kafka,
            signer: try scratch.signer(), logger: scratch.logger
        ) { step in
            guard case .marked(let count) = step else { return }
            let all = marked.withLock { marked in
                marked += count
                return marked
            }
            if all >= pending { done.send() }
        }
        let measurement = Measurement()
        let work = Task { try await relay.run() }
        if pending > 0 { await done.wait() }
        try measurement.report(pending)
        work.cancel()
        _ = await work.result
        await pool.close()
    }
}
