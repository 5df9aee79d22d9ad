import Calendar

/// A grant reached its last day; the sweeper wrote down what the clock had ended (decisions look at the clock
/// themselves).
public struct GrantExpired: Event {
    public static let type = "brightkitchen.parent-access.grant.expired.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { schoolId.rawValue }
    public var subject: String { schoolId.rawValue }

    /// Stable id.
    public var grantId: GrantID
    /// Pseudonymous id.
    public var representativeId: RepresentativeID
    /// School; partition key.
    public var schoolId: SchoolID
    /// End of the grant.
    public var expiredAt: Instant

    public init(
        grantId: GrantID,
        representativeId: RepresentativeID,
        schoolId: SchoolID,
        expiredAt: Instant
    ) {
        self.grantId = grantId
        self.representativeId = representativeId
        self.schoolId = schoolId
        self.expiredAt = expiredAt
    }
}
