import ArgumentParser

/// `purge`: deletes personal data whose retention is over, now. The running service does it once a day.
struct PurgeCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "purge", abstract: "Delete personal data whose retention is over (docs/privacy/inventory.md).")
    }

    func run() async throws {
        try await CommandRun.with(S.self) { setup in
            let purged = try await setup.withPool { runtime in
                try await RetentionPurge(
                    service: S.description.name, inventory: .shipped(), pool: runtime.pool
                ).run(now: runtime.clock.now())
            }
            for item in purged { CommandRun.print("\(item.table): \(item.rows) rows") }
            if purged.isEmpty { CommandRun.print("nothing is over") }
        }
    }
}
