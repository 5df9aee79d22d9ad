import Access
import Calendar
import Concurrency
import Crypto
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import ServiceKit

/// Runs a service's router in process against a scratch Postgres: migrations applied, clock fixed, no broker, no relay.
public enum ServiceTest<S: BrightService> {
    /// Monday 2026-11-23 09:00 in the city.
    public static var monday: Instant { Instant(microseconds: 1_795_395_600_000_000) }

    /// `environment` holds the service's own settings; the common ones are given. `prepare` sees the service itself,
    /// e.g. to feed its consumers or to keep it for later.
    public static func run(
        environment: [String: String] = [:], now: Instant = monday,
        _ body: @Sendable @escaping (S, ServiceClient) async throws -> Void
    ) async throws {
        let database = try await ScratchPostgres.database()
        let tokens = try await TestTokens()
        let clock = FixedClock(now)
        let secrets = try SecretsFolder()
        do {
            let environment = commonEnvironment(database.url, secrets.path).merging(environment) { _, own in own }
            let setup = try await ServiceSetup<S>(
                environment: environment, clock: clock, jwks: tokens.source,
                pages: try await LoadedPages.shared.pages(of: S.description), logger: .quiet("service-test"))
            try await setup.migrate()
            try await setup.withPool { runtime in
                let service = try await S(runtime: runtime, settings: setup.settings)
                let router = ServiceRouter(service, runtime: runtime, health: Health(checks: []))
                let app = Application(responder: router.responder, logger: .quiet("service-test"))
                try await app.test(.router) { http in
                    let client = ServiceClient(
                        http: http, tokens: tokens, clock: clock, pool: runtime.pool, runtime: runtime,
                        routes: router.table.routes)
                    try await body(service, client)
                }
            }
        } catch {
            try await database.drop()
            try secrets.remove()
            throw error
        }
        try await database.drop()
        try secrets.remove()
    }

    private static func commonEnvironment(_ databaseURL: String, _ secrets: String) -> [String: String] {
        [
            "DATABASE_URL": databaseURL, "KAFKA_BOOTSTRAP": "127.0.0.1:1", "HTTP_PORT": "0",
            "JWKS_URL": "http://127.0.0.1:1/jwks.json", "ATTACHMENTS_DIR": secrets + "/attachments",
            "SECRETS_DIR": secrets, "LOG_LEVEL": "error",
        ]
    }
}
