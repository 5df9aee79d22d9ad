import ArgumentParser
import Journal

/// `republish`: asks the relay to send journal entries again; consumers drop what they have.
struct RepublishCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "republish", abstract: "Send journal entries to Kafka again.")
    }

    @Option(help: "First leaf index to send; everything by default.")
    var from: UInt64 = 0

    func run() async throws {
        try await CommandRun.with(S.self) { setup in
            let count = try await setup.withPool { try await Republisher(database: $0.pool).request(from: from) }
            CommandRun.print("\(count) entries will be sent again by the running service, or when it is next started")
        }
    }
}
