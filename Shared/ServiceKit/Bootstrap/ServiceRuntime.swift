import Access
import Calendar
import Concurrency
import Delivery
import Kafka
import Logging
import PersonalData
import Postgres

/// What a service is given to work with.
public struct ServiceRuntime: Sendable {
    public let description: ServiceDescription
    public let configuration: ServiceConfiguration
    public let pool: PostgresPool
    public let clock: any WallClock
    public let logger: Logger
    public let pages: Pages
    public let policy: AccessPolicy
    public let tokens: TokenVerifier
    /// For calls to the product's own services only: plain http, any address.
    public let internalHTTP: HTTPClient
    public let idempotency: IdempotencyStore
    /// Seals personal data for the tables it rests in.
    public var personalDataKeys: PersonalDataKeys { configuration.personalDataKeys }

    public init(
        description: ServiceDescription, configuration: ServiceConfiguration, pool: PostgresPool,
        clock: any WallClock, logger: Logger, pages: Pages, policy: AccessPolicy = AccessPolicy(),
        tokens: TokenVerifier, internalHTTP: HTTPClient
    ) {
        self.description = description
        self.configuration = configuration
        self.pool = pool
        self.clock = clock
        self.logger = logger
        self.pages = pages
        self.policy = policy
        self.tokens = tokens
        self.internalHTTP = internalHTTP
        idempotency = IdempotencyStore()
    }
}
