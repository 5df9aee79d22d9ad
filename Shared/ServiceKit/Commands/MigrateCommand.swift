import ArgumentParser

/// `migrate`: applies pending migrations and says which.
struct MigrateCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "migrate", abstract: "Apply pending migrations of the service's schema.")
    }

    func run() async throws {
        try await CommandRun.with(S.self) { setup in
            let applied = try await setup.migrate()
            for name in applied { CommandRun.print("applied \(name)") }
            if applied.isEmpty { CommandRun.print("nothing to apply") }
        }
    }
}
