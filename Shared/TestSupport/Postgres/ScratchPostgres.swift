import Foundation
import Logging
import Postgres

/// Fresh databases for tests. One server per test process, one database per test.
///
///     try await ScratchPostgres.withPool(schema: "registry", migrations: all) { pool in … }
public enum ScratchPostgres {
    /// A new, empty database. Dropped with its server, or by `drop()`.
    public static func database() async throws -> ScratchDatabase {
        let server = try await ScratchServer.shared()
        let name = "t" + UUID().uuidString.lowercased().replacing("-", with: "")
        try await Maintenance.shared.run("CREATE DATABASE \(identifier: name)", on: server.url)
        return ScratchDatabase(serverURL: server.url, name: name)
    }

    /// A migrated schema in a new database and a pool on it; all gone when `body` returns.
    public static func withPool<T: Sendable>(
        schema: String, migrations: [Migration] = [], poolSize: Int = 4,
        _ body: @Sendable (PostgresPool) async throws -> T
    ) async throws -> T {
        let database = try await database()
        try await database.migrate(schema: schema, migrations)
        let pool = database.pool(schema: schema, poolSize: poolSize)
        do {
            let value = try await body(pool)
            await pool.close()
            try await database.drop()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }
}

/// One database of the scratch server.
public struct ScratchDatabase: Sendable {
    private let serverURL: String
    public let name: String

    init(serverURL: String, name: String) {
        self.serverURL = serverURL
        self.name = name
    }

    /// What a service gets as `DATABASE_URL`. The connecting role is a superuser.
    public var url: String {
        guard serverURL.contains("://") else { return "\(serverURL) dbname=\(name)" }
        return serverURL + (serverURL.contains("?") ? "&" : "?") + "dbname=\(name)"
    }

    public func configuration(schema: String, poolSize: Int = 4) -> PostgresConfiguration {
        // Patient: a machine that runs other things as well is slow, not wrong.
        PostgresConfiguration(
            url: url, schema: schema, poolSize: poolSize, statementTimeout: .seconds(60), acquireTimeout: .seconds(60),
            applicationName: "test-\(schema)")
    }

    /// A pool that opens connections when used; close it at the end of the test.
    public func pool(schema: String, poolSize: Int = 4) -> PostgresPool {
        PostgresPool(configuration(schema: schema, poolSize: poolSize), logger: Logger(label: "test.postgres"))
    }

    @discardableResult
    public func migrate(schema: String, _ migrations: [Migration]) async throws -> [String] {
        var logger = Logger(label: "test.migrate")
        logger.logLevel = .error
        return try await Migrator(url: url, schema: schema, migrations: migrations, logger: logger).migrate()
    }

    /// Ends whatever is still connected and removes the database.
    public func drop() async throws {
        try await Maintenance.shared.run("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)", on: serverURL)
    }
}

/// Makes and drops databases one after the other: each copies some megabytes, and tests start all at once.
private actor Maintenance {
    static let shared = Maintenance()
    private var last: Task<Void, any Error>?

    func run(_ statement: SQL, on url: String) async throws {
        let previous = last
        let task = Task {
            _ = await previous?.result
            let connection = try await PostgresConnection.open(
                PostgresConfiguration(
                    url: url, schema: "public", poolSize: 1, statementTimeout: .zero, acquireTimeout: .seconds(60),
                    applicationName: "scratch"))
            try await connection.execute(statement)
            await connection.close()
        }
        last = task
        try await task.value
    }
}
