import Logging

/// librdkafka's mock cluster: a broker inside this process that speaks the Kafka protocol on loopback, for tests and for
/// the local stack. It keeps everything in memory (5 MB or 100,000 records a partition) and loses it when closed.
///
/// Produce, fetch, groups and idempotence work as with a real broker; CreateTopics does not: unknown topics are created
/// with four partitions when a client asks for them.
public final class EmbeddedCluster: Sendable {
    /// The requests of the protocol that faults can be injected into, by their API key.
    public enum Request: Int16, Sendable {
        case produce = 0
        case fetch = 1
        case listOffsets = 2
        case metadata = 3
        case offsetCommit = 8
        case offsetFetch = 9
        case findCoordinator = 10
        case joinGroup = 11
        case heartbeat = 12
        case initProducerId = 22
    }

    private let handle: EmbeddedClusterHandle

    public init(brokers: Int = 1, topics: [TopicSpec] = [], logger: Logger) throws(KafkaError) {
        handle = try EmbeddedClusterHandle(brokers: brokers, logger: logger)
        for topic in topics { try handle.createTopic(topic.name, partitions: topic.partitions) }
    }

    /// Comma-separated `127.0.0.1:port` list.
    public var bootstrap: String { handle.bootstrap }

    public func createTopic(_ name: String, partitions: Int) throws(KafkaError) {
        try handle.createTopic(name, partitions: partitions)
    }

    /// The next requests of this kind fail with these protocol error codes, one each, in order.
    public func failNext(_ request: Request, with codes: [Int32]) {
        handle.failNext(request.rawValue, codes)
    }

    /// Closes the brokers' connections and refuses new ones; what they hold is kept.
    public func setDown() throws(KafkaError) { try handle.setDown() }
    public func setUp() throws(KafkaError) { try handle.setUp() }

    /// Adds a delay to every answer.
    public func setRoundTrip(_ delay: Duration) throws(KafkaError) {
        try handle.setRoundTrip(milliseconds: delay.milliseconds)
    }

    /// Closes the listeners and forgets everything. Again = no effect.
    public func close() { handle.close() }
}
