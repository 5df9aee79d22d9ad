import Calendar
import Contracts

/// An event as a handler gets it.
public struct ReceivedEvent<E: Event>: Sendable {
    public let id: EventID
    public let event: E
    /// `urn:brightkitchen:<service>`.
    public let source: String
    /// Place in the producer's stream of this key; nil for producers that give none.
    public let sequence: Int64?
    public let occurredAt: Instant
    public let correlationId: String
    public let traceparent: String?
    /// What the handler publishes because of this event carries this: caused by it, done by the consuming service.
    public let context: EventContext

    public init(
        id: EventID, event: E, source: String, sequence: Int64?, occurredAt: Instant, correlationId: String,
        traceparent: String?, consumedBy service: String
    ) {
        self.id = id
        self.event = event
        self.source = source
        self.sequence = sequence
        self.occurredAt = occurredAt
        self.correlationId = correlationId
        self.traceparent = traceparent
        context = EventContext(
            actor: .system(service), correlationId: correlationId, causationId: id.rawValue, traceparent: traceparent)
    }
}
