import ArgumentParser

/// The rows of docs/performance.md that are measured in process: the services' own journal, relay, consumer, verifier
/// and tokens, without HTTP around them. Driven by Tests/Benchmarks/bench.py, one command a measurement; each prints one
/// line of JSON.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks", abstract: "Measure what a service does inside its process.",
        subcommands: [
            PrepareCommand.self, JournalCommand.self, FillCommand.self, RelayCommand.self, ConsumeCommand.self,
            VerifyCommand.self, TokenCommand.self,
        ])
}
