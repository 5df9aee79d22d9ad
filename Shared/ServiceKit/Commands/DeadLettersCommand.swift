import ArgumentParser
import Journal

/// `dead-letters list | show | replay`: events that could not be taken in.
struct DeadLettersCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "dead-letters", abstract: "Events that could not be taken in.",
            subcommands: [ListCommand.self, ShowCommand.self, ReplayCommand.self], defaultSubcommand: ListCommand.self)
    }

    struct ListCommand: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "list", abstract: "List open dead letters, oldest first.")
        }

        @Flag(help: "Include those that were replayed.")
        var all = false

        func run() async throws {
            try await DeadLettersCommand.with { letters in
                var last: Int64 = 0
                while true {
                    let page = try await letters.list(after: last, includingResolved: all)
                    for letter in page {
                        CommandRun.print(
                            "\(letter.id)  \(letter.failedAt)  \(letter.kind.rawValue)  \(letter.type ?? letter.topic)  "
                                + "key \(letter.partitionKey ?? "none")  tries \(letter.tries)  waiting \(letter.waitingBehind)"
                                + "  \(letter.error)")
                    }
                    guard let end = page.last?.id else { break }
                    last = end
                }
                CommandRun.print("\(try await letters.count()) open")
            }
        }
    }

    struct ShowCommand: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "show", abstract: "Show one dead letter with its event.")
        }

        @Argument var id: Int64

        func run() async throws {
            try await DeadLettersCommand.with { letters in
                guard let detail = try await letters.show(id) else { throw ValidationError("no dead letter \(id)") }
                CommandRun.print(String(decoding: try BrightJSON.encode(detail), as: UTF8.self))
            }
        }
    }

    struct ReplayCommand: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "replay", abstract: "Handle dead letters again, with all that wait behind.")
        }

        @Argument(help: "Ids; all open ones when none is given.") var ids: [Int64] = []

        func run() async throws {
            try await DeadLettersCommand.with { letters in
                var failures = 0
                for id in ids.isEmpty ? try await letters.list(limit: 10_000).map(\.id) : ids {
                    switch try await letters.replay(id) {
                    case .replayed(let followers): CommandRun.print("\(id): replayed, \(followers) followed")
                    case .alreadyDone: CommandRun.print("\(id): had taken effect before")
                    case .failedAgain(let error):
                        failures += 1
                        CommandRun.print("\(id): failed again: \(error)")
                    case nil:
                        failures += 1
                        CommandRun.print("\(id): there is no such dead letter")
                    }
                }
                guard failures == 0 else { throw ExitCode.failure }
            }
        }
    }

    private static func with(_ work: @escaping @Sendable (DeadLetters) async throws -> Void) async throws {
        try await CommandRun.with(S.self) { setup in
            try await setup.withPool { runtime in
                let service = try await S(runtime: runtime, settings: setup.settings)
                try await work(
                    DeadLetters(
                        service: S.description.name, pool: runtime.pool, subscriptions: service.subscriptions,
                        logger: runtime.logger))
            }
        }
    }
}
