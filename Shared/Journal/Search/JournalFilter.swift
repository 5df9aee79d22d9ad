import Calendar

/// What an auditor looks for. Absent = any.
public struct JournalFilter: Hashable, Sendable {
    /// `person:<id>`, `representative:<id>`, `system:<name>`.
    public var actor: String?
    public var subject: String?
    /// Beginning of the event type.
    public var typePrefix: String?
    public var correlationId: String?
    /// Inclusive.
    public var from: Instant?
    /// Exclusive.
    public var until: Instant?

    public init(
        actor: String? = nil, subject: String? = nil, typePrefix: String? = nil, correlationId: String? = nil,
        from: Instant? = nil, until: Instant? = nil
    ) {
        self.actor = actor
        self.subject = subject
        self.typePrefix = typePrefix
        self.correlationId = correlationId
        self.from = from
        self.until = until
    }
}
