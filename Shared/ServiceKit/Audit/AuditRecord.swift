import Calendar

/// One request as the auditor sees it.
public struct AuditRecord: Codable, Hashable, Sendable {
    public let id: String
    public let occurredAt: Instant
    /// `person:<id>`, `representative:<id>` or `anonymous`.
    public let actor: String
    public let role: String?
    /// Row of the access matrix, or `public`, `signed_in`, `representative`.
    public let action: String
    public let method: String
    /// Route template, e.g. `/parent/school/representatives/{id}`.
    public let route: String
    public let path: String
    /// Keyed hash of the client's address: equal for equal addresses, not to be turned back.
    public let addressKey: String?
    /// The reason code that was given.
    public let purpose: String?
    /// Leads to the journal's entries of the same request, in all services.
    public let correlationId: String
    /// HTTP status; absent when the service ended before it answered.
    public let status: Int?
}
