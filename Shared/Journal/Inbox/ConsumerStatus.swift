/// How a consumer is doing, for readiness and metrics. At most a few seconds old.
public struct ConsumerStatus: Sendable, Hashable {
    /// Records of the assigned partitions that are not taken in yet; nil before the first answer of the broker.
    public var lag: Int64?
    /// The same by topic, of those that this member has partitions of.
    public var lagByTopic: [String: Int64] = [:]
    /// The latest failure, nil since the last success.
    public var lastError: String?
    /// Streams that wait for a person (`dead-letters replay`).
    public var parkedStreams = 0
    /// Streams in which a record is missing before one that came.
    public var incompleteStreams = 0

    public init() {}
}
