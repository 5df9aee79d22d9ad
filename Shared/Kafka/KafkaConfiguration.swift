/// Where the broker is and who we are to it.
public struct KafkaConfiguration: Sendable {
    /// Comma-separated `host:port` list.
    public let bootstrap: String
    /// Shown in the broker's logs and quotas, e.g. `patrol-ledger`.
    public let clientId: String
    /// Any further librdkafka properties, e.g. `security.protocol`, `sasl.mechanism`, `ssl.ca.location`. They win over
    /// the defaults of this module, except over those that a guarantee rests on (see `ClientProperties`).
    public let properties: [String: String]

    public init(bootstrap: String, clientId: String, properties: [String: String] = [:]) {
        self.bootstrap = bootstrap
        self.clientId = clientId
        self.properties = properties
    }
}
