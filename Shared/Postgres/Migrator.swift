import Calendar
import Logging

/// Brings a schema forward, one migration a transaction, one migrator at a time. There is no way back.
///
/// What was applied is in the schema's table `schema_migration` with its SHA-256: a migration changed afterwards is
/// refused before anything is run. Applied migrations that are not in the list (a newer version was here) are left alone.
public struct Migrator: Sendable {
    private let configuration: PostgresConfiguration
    private let migrations: [Migration]
    private let logger: Logger

    /// `url` is the connection of the role that may create tables.
    public init(url: String, schema: String, migrations: [Migration], logger: Logger) {
        // No statement timeout: building an index may take as long as it takes.
        configuration = PostgresConfiguration(
            url: url, schema: schema, poolSize: 1, statementTimeout: .zero, applicationName: "\(schema)-migrate")
        self.migrations = migrations
        self.logger = logger
    }

    /// Applies what is missing, in order; returns the names of what was applied.
    @discardableResult
    public func migrate() async throws -> [String] {
        let connection = try await PostgresConnection.open(configuration)
        do {
            let applied = try await migrate(connection)
            await connection.close()
            return applied
        } catch {
            await connection.close()
            throw error
        }
    }

    private func migrate(_ connection: PostgresConnection) async throws -> [String] {
        let schema = configuration.schema
        // Held until the connection closes. Others wait here and then find nothing to do.
        _ = try await connection.query(
            "SELECT true AS locked FROM pg_advisory_lock(hashtextextended(\("bright-kitchen migrate " + schema), 0))"
        ) { _ in true }
        try await createSchema(connection)
        try await connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migration (
                name text PRIMARY KEY,
                sha256 text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """)
        let rows = try await connection.query("SELECT name, sha256 FROM schema_migration") { row in
            (name: try row["name"] as String, hash: try row["sha256"] as String)
        }
        let known = Dictionary(rows.map { ($0.name, $0.hash) }, uniquingKeysWith: { first, _ in first })
        try refuseChanged(known)
        var applied: [String] = []
        for migration in migrations where known[migration.name] == nil {
            try await apply(migration, on: connection)
            logger.info("migration applied", metadata: ["schema": "\(schema)", "migration": "\(migration.name)"])
            applied.append(migration.name)
        }
        return applied
    }

    /// A role that may not create schemas can still migrate one that was made for it.
    private func createSchema(_ connection: PostgresConnection) async throws {
        let exists = try await connection.first(
            "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = \(configuration.schema)) AS found"
        ) { try $0["found"] as Bool }
        if exists == true { return }
        try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(identifier: configuration.schema)")
    }

    private func refuseChanged(_ known: [String: String]) throws {
        let changed = migrations.filter { migration in
            guard let hash = known[migration.name] else { return false }
            return hash != migration.sha256
        }.map(\.name)
        guard changed.isEmpty else {
            throw PostgresError(
                code: PostgresError.migrationChanged,
                message: "changed after they were applied to schema \(configuration.schema): "
                    + changed.joined(separator: ", "))
        }
        let names = migrations.map(\.name)
        guard Set(names).count == names.count else {
            throw PostgresError(code: PostgresError.misuse, message: "two migrations have the same name: \(names)")
        }
    }

    private func apply(_ migration: Migration, on connection: PostgresConnection) async throws {
        do {
            try await connection.script("BEGIN")
            try await connection.script(migration.sql)
            try await connection.execute(
                "INSERT INTO schema_migration (name, sha256) VALUES (\(migration.name), \(migration.sha256))")
            try await connection.script("COMMIT")
        } catch {
            // The connection is closed by the caller, which rolls back.
            logger.error(
                "migration failed",
                metadata: [
                    "schema": "\(configuration.schema)", "migration": "\(migration.name)", "error": "\(error)",
                ])
            throw error
        }
    }
}
