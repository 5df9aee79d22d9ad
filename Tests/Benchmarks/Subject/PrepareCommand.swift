import ArgumentParser
import Journal
import Postgres

/// `Benchmarks prepare`: an empty schema with a journal.
struct PrepareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "prepare", abstract: "Create the schema.")
    @OptionGroup var scratch: ScratchJournal

    func run() async throws {
        let migrations = JournalMigrations.all + [ScratchJournal.tables]
        try await Migrator(
            url: scratch.database, schema: scratch.schema, migrations: migrations, logger: scratch.logger
        ).migrate()
    }
}
