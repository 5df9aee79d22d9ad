import ArgumentParser
import Foundation

/// The command line of a service: `registry serve`, `registry migrate`, …
public struct ServiceCommand<S: BrightService>: AsyncParsableCommand {
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: S.description.name,
            subcommands: [
                ServeCommand<S>.self, MigrateCommand<S>.self, VerifyCommand<S>.self, RepublishCommand<S>.self,
                DeadLettersCommand<S>.self, ParkedKeysCommand<S>.self, CheckpointCommand<S>.self,
                ResealCommand<S>.self, VerifyExtractCommand<S>.self, PurgeCommand<S>.self,
            ] + S.commands)
    }

    public init() {}

    /// Runs the command that the process was started with, and ends the process with its exit code.
    ///
    /// C's exit handlers are not run: a thread of libpq or libcurl may still be on its way out, and would use what
    /// OpenSSL's handler has just freed. Everything that must be finished is finished when the command returns.
    public static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            leave(.success)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if !text.isEmpty {
                (code.isSuccess ? FileHandle.standardOutput : .standardError).write(Data((text + "\n").utf8))
            }
            leave(code)
        }
    }

    private static func leave(_ code: ExitCode) -> Never {
        fflush(nil)
        _exit(code.rawValue)
    }
}
