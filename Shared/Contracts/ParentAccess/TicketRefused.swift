import Calendar

/// A request to watch was refused.
public struct TicketRefused: Event {
    public static let type = "brightkitchen.parent-access.ticket.refused.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { schoolId.rawValue }
    public var subject: String { schoolId.rawValue }

    /// School of the viewer; partition key.
    public var schoolId: SchoolID
    /// Pseudonymous id of the viewer.
    public var viewer: String
    /// Stable refusal code.
    public var reason: String
    /// Time.
    public var refusedAt: Instant
    /// Number of refusals that this entry stands for, where more than a few came within a minute; absent = one.
    public var count: Int?

    public init(
        schoolId: SchoolID,
        viewer: String,
        reason: String,
        refusedAt: Instant,
        count: Int? = nil
    ) {
        self.schoolId = schoolId
        self.viewer = viewer
        self.reason = reason
        self.refusedAt = refusedAt
        self.count = count
    }
}
