import ArgumentParser
import Journal

/// `parked-keys list | release`: entries of our own journal that the broker refuses for good.
struct ParkedKeysCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "parked-keys", abstract: "Keys whose entries the broker refuses (too large, say).",
            subcommands: [ListCommand.self, ReleaseCommand.self], defaultSubcommand: ListCommand.self)
    }

    struct ListCommand: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "list", abstract: "List parked keys, oldest first.")
        }

        func run() async throws {
            try await CommandRun.with(S.self) { setup in
                let keys = try await setup.withPool { try await ParkedKeys(database: $0.pool).list() }
                for key in keys {
                    CommandRun.print(
                        "\(key.parkedAt)  \(key.topic)  key \(key.partitionKey)  position \(key.position)  \(key.error)"
                    )
                }
                CommandRun.print("\(keys.count) parked")
            }
        }
    }

    struct ReleaseCommand: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "release", abstract: "Let the running service send the key's entries again, in order.")
        }

        @Argument var topic: String
        @Argument var partitionKey: String

        func run() async throws {
            try await CommandRun.with(S.self) { setup in
                let isReleased = try await setup.withPool {
                    try await ParkedKeys(database: $0.pool).release(topic: topic, partitionKey: partitionKey)
                }
                guard isReleased else { throw ValidationError("\(topic) has no parked key \(partitionKey)") }
                CommandRun.print("released")
            }
        }
    }
}
