import Access
import Concurrency
import Delivery
import Foundation
import Journal
import Logging
import PersonalData
import Postgres

/// Configuration read and validated, nothing running yet. Commands and tests start from here.
public struct ServiceSetup<S: BrightService>: Sendable {
    public let configuration: ServiceConfiguration
    public let settings: S.Settings
    public let logger: Logger
    private let clock: any WallClock
    private let jwks: (any JWKSSource)?
    private let pages: Pages?

    /// Reads the configuration; throws `ConfigurationFaults` with everything that is wrong with it. `pages`: loaded already,
    /// by tests that start one service a hundred times.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment, clock: any WallClock = SystemClock(),
        jwks: (any JWKSSource)? = nil, pages: Pages? = nil, logger: Logger? = nil
    ) async throws {
        let reader = try await SettingsReader(environment: environment)
        configuration = ServiceConfiguration.read(reader, service: S.description.name)
        settings = S.settings(reader)
        guard reader.faults.isEmpty else { throw ConfigurationFaults(faults: reader.faults) }
        self.clock = clock
        self.jwks = jwks
        self.pages = pages
        self.logger = logger ?? Logger(label: S.description.name)
    }

    /// The journal's tables, ServiceKit's, then the service's own. Returns the names of what was applied.
    @discardableResult
    public func migrate() async throws -> [String] {
        let applied = try await Migrator(
            url: configuration.migrationURL, schema: S.description.schema,
            migrations: JournalMigrations.all + KitMigrations.all + AuditMigrations.all
                + S.description.migrations, logger: logger
        ).migrate()
        try await reseal()
        return applied
    }

    /// Seals what is not sealed with the current data key, as the owner of the schema; returns the number of rows.
    @discardableResult
    public func reseal(all: Bool = false) async throws -> Int {
        guard !S.sealedColumns.isEmpty else { return 0 }
        let pool = PostgresPool(
            PostgresConfiguration(
                url: configuration.migrationURL, schema: S.description.schema, poolSize: 1,
                applicationName: "\(S.description.schema)-reseal"), logger: logger)
        do {
            let resealing = Resealing(keys: configuration.personalDataKeys, columns: S.sealedColumns)
            let rows = try await resealing.run(pool, all: all)
            await pool.close()
            return rows
        } catch {
            await pool.close()
            throw error
        }
    }

    var database: PostgresConfiguration {
        PostgresConfiguration(
            url: configuration.databaseURL, schema: S.description.schema, poolSize: configuration.databasePoolSize,
            applicationName: S.description.name)
    }

    private static var noJournalKey: ConfigurationFaults {
        ConfigurationFaults(faults: [
            ConfigurationFault(name: "JOURNAL_SIGNING_KEY", value: nil, allowed: "an Ed25519 seed")
        ])
    }

    func checkpointSigner() throws -> CheckpointSigner {
        guard let key = configuration.journalKey else { throw Self.noJournalKey }
        return try CheckpointSigner(
            origin: "\(configuration.logOrigin)/\(S.description.name)", privateKey: key,
            sm2: configuration.journalSM2Key)
    }

    /// Everything a service is given. The pool opens connections when first used; run it (`pool.run()`) or close it.
    public func runtime() async throws -> ServiceRuntime {
        let http = try HTTPClient(.internalCalls, logger: logger)
        let ownSource = try await S.jwksSource(settings)
        let loaded: Pages
        if let pages {
            loaded = pages
        } else {
            loaded = try await Pages(bundle: S.description.bundle, prefix: S.description.pathPrefix)
        }
        let source = jwks ?? ownSource ?? RemoteJWKS(url: configuration.jwksURL, http: http)
        return ServiceRuntime(
            description: S.description, configuration: configuration,
            pool: PostgresPool(database, logger: logger),
            clock: clock, logger: logger,
            pages: loaded,
            tokens: TokenVerifier(source: source, clock: clock), internalHTTP: http)
    }

    /// For subcommands and tests: the runtime for as long as the body runs.
    public func withPool<Value: Sendable>(
        _ body: @Sendable (ServiceRuntime) async throws -> Value
    ) async throws -> Value {
        let runtime = try await runtime()
        do {
            let value = try await body(runtime)
            await runtime.pool.close()
            runtime.internalHTTP.close()
            return value
        } catch {
            await runtime.pool.close()
            runtime.internalHTTP.close()
            throw error
        }
    }
}
