import ArgumentParser

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
}
