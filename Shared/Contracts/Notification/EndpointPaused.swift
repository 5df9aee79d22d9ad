import Calendar

/// A webhook endpoint was paused; nothing is lost, delivery resumes after repair.
public struct EndpointPaused: Event {
    public static let type = "brightkitchen.notification.endpoint.paused.v1"
    public var topic: Topic { .notification }
    public var partitionKey: String { endpointId.rawValue }
    public var subject: String { endpointId.rawValue }

    /// Stable id; partition key.
    public var endpointId: EndpointID
    /// gone, failing or by_owner.
    public var reason: String
    /// Time.
    public var pausedAt: Instant

    public init(
        endpointId: EndpointID,
        reason: String,
        pausedAt: Instant
    ) {
        self.endpointId = endpointId
        self.reason = reason
        self.pausedAt = pausedAt
    }
}
