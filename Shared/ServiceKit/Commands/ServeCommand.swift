import ArgumentParser

/// `serve`: runs until SIGTERM or SIGINT.
struct ServeCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "serve", abstract: "Serve HTTP, publish the journal, consume events.")
    }

    @Flag(help: "Apply pending migrations first.")
    var migrate = false

    func run() async throws {
        try await CommandRun.with(S.self) { setup in
            if migrate { try await setup.migrate() }
            try await ServiceHost(setup).run()
        }
    }
}
