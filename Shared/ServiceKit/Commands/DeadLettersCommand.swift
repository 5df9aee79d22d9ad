import ArgumentParser
import Journal

/// `dead-letters list | show | replay`.
struct DeadLettersCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "dead-letters", abstract: "Events that could not be taken in.")
    }

    func run() async throws {}
}
