import Foundation
import Postgres

/// What a service is, before anything runs.
public struct ServiceDescription: Sendable {
    /// `registry`, `patrol-ledger`: in logs, metrics, event sources and consumer groups.
    public let name: String
    /// Postgres schema.
    public let schema: String
    /// `/registry`: all routes declared through `routes` lie under it.
    public let pathPrefix: String
    /// The service's own migrations; the journal's and ServiceKit's run before them.
    public let migrations: [Migration]
    /// The service's `Bundle.module`: holds `Templates/` with `*.mustache` and `strings.yaml`.
    public let bundle: Bundle?
    /// The OpenAPI document served at `/openapi.yaml`.
    public let openAPI: String

    public init(
        name: String, schema: String, pathPrefix: String, migrations: [Migration], bundle: Bundle?, openAPI: String = ""
    ) {
        self.name = name
        self.schema = schema
        self.pathPrefix = pathPrefix
        self.migrations = migrations
        self.bundle = bundle
        self.openAPI = openAPI
    }

    /// The service's part of event types, `brightkitchen.<area>.…`: the ledger's is `patrol`.
    public var eventArea: String { name == "patrol-ledger" ? "patrol" : name }
}
