/// What the broker says about itself.
public struct ClusterMetadata: Sendable {
    public let clusterId: String
    /// `host:port` of every broker.
    public let brokers: [String]
    /// Number of partitions by topic name; topics that the broker reports as faulty are left out.
    public let topics: [String: Int]

    /// librdkafka's mock cluster: memory only, creates topics when they are first asked for.
    public var isEmbedded: Bool { clusterId.hasPrefix("mockCluster") }
}
