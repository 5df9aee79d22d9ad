import Calendar

/// A paused webhook endpoint was resumed by its owner; what it missed is on its way.
public struct EndpointRecovered: Event {
    public static let type = "brightkitchen.notification.endpoint.recovered.v1"
    public var topic: Topic { .notification }
    public var partitionKey: String { endpointId.rawValue }
    public var subject: String { endpointId.rawValue }

    /// Stable id; partition key.
    public var endpointId: EndpointID
    /// When it had been paused; absent where that is not known.
    public var pausedAt: Instant?
    /// Time.
    public var recoveredAt: Instant
    /// Undelivered messages since then are sent again.
    public var replayedSince: Instant
    /// How many.
    public var messages: Int

    public init(
        endpointId: EndpointID,
        pausedAt: Instant? = nil,
        recoveredAt: Instant,
        replayedSince: Instant,
        messages: Int
    ) {
        self.endpointId = endpointId
        self.pausedAt = pausedAt
        self.recoveredAt = recoveredAt
        self.replayedSince = replayedSince
        self.messages = messages
    }
}
