/// Where the database is and how sessions behave.
public struct PostgresConfiguration: Sendable {
    /// libpq connection string or URI.
    public var url: String
    /// Schema in which unqualified names are found (`search_path`).
    public var schema: String
    /// Upper bound of open connections of a pool.
    public var poolSize: Int
    /// Server-side limit for one statement; zero = none.
    public var statementTimeout: Duration
    /// How long a caller waits for a connection before it gets a retriable error.
    public var acquireTimeout: Duration
    public var applicationName: String

    public init(
        url: String,
        schema: String,
        poolSize: Int = 8,
        statementTimeout: Duration = .seconds(10),
        acquireTimeout: Duration = .seconds(5),
        applicationName: String
    ) {
        self.url = url
        self.schema = schema
        self.poolSize = max(1, poolSize)
        self.statementTimeout = statementTimeout
        self.acquireTimeout = acquireTimeout
        self.applicationName = applicationName
    }
}
