/// Where the broker is and who we are to it.
public struct KafkaConfiguration: Sendable {
    /// Comma-separated `host:port` list.
    public let bootstrap: String
    /// Shown in the broker's logs and quotas, e.g. `patrol-ledger`.
    public let clientId: String
    /// Any further librdkafka properties, e.g. `client.rack`. They win over the defaults of this module, except over those
    /// that a guarantee rests on (see `ClientProperties`).
    public let properties: [String: String]
    /// nil: plain text, unless `properties` say otherwise.
    public let security: KafkaSecurity?

    public init(
        bootstrap: String, clientId: String, properties: [String: String] = [:], security: KafkaSecurity? = nil
    ) {
        self.bootstrap = bootstrap
        self.clientId = clientId
        self.properties = properties
        self.security = security
    }

    /// Changes when a file with our credentials is replaced: clients made before hold the old ones.
    public var credentialsFingerprint: [String] { security?.fingerprint ?? [] }
}
