import Calendar

/// A record that was set aside.
public struct DeadLetter: Sendable, Codable, Hashable {
    public var id: Int64
    /// Consumer group.
    public var consumer: String
    public var kind: DeadLetterKind
    public var topic: String
    public var source: String?
    public var eventId: String?
    public var type: String?
    public var partitionKey: String?
    public var sequence: Int64?
    public var error: String
    public var tries: Int
    public var failedAt: Instant
    public var resolvedAt: Instant?
    /// Records that wait behind it in its stream.
    public var waitingBehind: Int
}
