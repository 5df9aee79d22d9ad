import ArgumentParser
import Journal

/// `checkpoint`: prints the latest signed tree head and the key that verifies it.
struct CheckpointCommand<S: BrightService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "checkpoint", abstract: "Print the latest signed checkpoint of the journal.")
    }

    @Flag(help: "Print the verifier key (vkey) instead.")
    var key = false

    @Flag(name: .customLong("sm2-key"), help: "Print the verifier key of the SM2 signatures instead.")
    var sm2Key = false

    func run() async throws {
        try await CommandRun.with(S.self) { setup in
            if key {
                CommandRun.print(try setup.checkpointSigner().key.vkey)
                return
            }
            if sm2Key {
                guard let key = try setup.checkpointSigner().sm2Key else {
                    CommandRun.print("no SM2 key: SECRETS_DIR has no file journal-sm2-key")
                    throw ExitCode.failure
                }
                CommandRun.print(key.vkey)
                return
            }
            let checkpoint = try await setup.withPool { runtime in
                try await JournalLog(service: S.description.name, database: runtime.pool).checkpoint()
            }
            guard let checkpoint else {
                CommandRun.print("no checkpoint yet")
                throw ExitCode.failure
            }
            CommandRun.print(checkpoint)
        }
    }
}
