import Postgres

/// The tables of the journal and the inbox. A service's migrator runs these first, in the service's own schema.
public enum JournalMigrations {
    public static let all: [Migration] = [
        migration("journal/V001_journal", PackageResources.V001_journal_sql),
        migration("journal/V002_inbox", PackageResources.V002_inbox_sql),
        migration("journal/V003_journal_grants", PackageResources.V003_journal_grants_sql),
        migration("journal/V010_journal_search", PackageResources.V010_journal_search_sql),
    ]

    private static func migration(_ name: String, _ sql: [UInt8]) -> Migration {
        Migration(name: name, sql: String(decoding: sql, as: UTF8.self))
    }
}
