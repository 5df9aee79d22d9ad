/// Why and by whom something is journalled: comes from the HTTP request, or from the event that is being handled.
public struct EventContext: Sendable {
    public var actor: Actor
    /// One id for everything that follows from one request, across services.
    public var correlationId: String
    /// Id of the event that caused this one.
    public var causationId: String?
    /// W3C trace context.
    public var traceparent: String?

    public init(actor: Actor, correlationId: String, causationId: String? = nil, traceparent: String? = nil) {
        self.actor = actor
        self.correlationId = correlationId
        self.causationId = causationId
        self.traceparent = traceparent
    }
}
