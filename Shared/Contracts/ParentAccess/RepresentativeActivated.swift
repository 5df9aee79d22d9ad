import Calendar

/// A representative accepted the invitation.
public struct RepresentativeActivated: Event {
    public static let type = "brightkitchen.parent-access.representative.activated.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { schoolId.rawValue }
    public var subject: String { schoolId.rawValue }

    /// Pseudonymous id.
    public var representativeId: RepresentativeID
    /// School; partition key.
    public var schoolId: SchoolID
    /// Time.
    public var activatedAt: Instant

    public init(
        representativeId: RepresentativeID,
        schoolId: SchoolID,
        activatedAt: Instant
    ) {
        self.representativeId = representativeId
        self.schoolId = schoolId
        self.activatedAt = activatedAt
    }
}
