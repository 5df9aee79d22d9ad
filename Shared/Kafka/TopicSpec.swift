/// A topic as it should be.
public struct TopicSpec: Hashable, Sendable {
    public let name: String
    public let partitions: Int
    /// Milliseconds; -1 = for ever; nil = the broker's default.
    public let retentionMs: Int64?

    public init(name: String, partitions: Int, retentionMs: Int64? = nil) {
        self.name = name
        self.partitions = partitions
        self.retentionMs = retentionMs
    }
}
