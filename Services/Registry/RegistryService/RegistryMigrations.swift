import Postgres

/// The service's own tables, after the journal's.
enum RegistryMigrations {
    static let all: [Migration] = [
        Migration(name: "V001_init", sql: String(decoding: PackageResources.V001_init_sql, as: UTF8.self)),
        Migration(name: "V002_accounts", sql: String(decoding: PackageResources.V002_accounts_sql, as: UTF8.self)),
    ]
}
