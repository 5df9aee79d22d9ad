import Calendar

/// A school invited a parent representative (家长代表).
public struct RepresentativeInvited: Event {
    public static let type = "brightkitchen.parent-access.representative.invited.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { schoolId.rawValue }
    public var subject: String { schoolId.rawValue }

    /// Pseudonymous id.
    public var representativeId: RepresentativeID
    /// School; partition key.
    public var schoolId: SchoolID
    /// Until when the invitation can be used.
    public var expiresAt: Instant

    public init(
        representativeId: RepresentativeID,
        schoolId: SchoolID,
        expiresAt: Instant
    ) {
        self.representativeId = representativeId
        self.schoolId = schoolId
        self.expiresAt = expiresAt
    }
}
