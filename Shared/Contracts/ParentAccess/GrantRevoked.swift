import Calendar

/// A grant was revoked; running views end within 5 seconds.
public struct GrantRevoked: Event {
    public static let type = "brightkitchen.parent-access.grant.revoked.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { schoolId.rawValue }
    public var subject: String { schoolId.rawValue }

    /// Stable id.
    public var grantId: GrantID
    /// Pseudonymous id.
    public var representativeId: RepresentativeID
    /// School; partition key.
    public var schoolId: SchoolID
    /// revoked_by_school, expired or representative_revoked.
    public var reason: String
    /// Time.
    public var revokedAt: Instant

    public init(
        grantId: GrantID,
        representativeId: RepresentativeID,
        schoolId: SchoolID,
        reason: String,
        revokedAt: Instant
    ) {
        self.grantId = grantId
        self.representativeId = representativeId
        self.schoolId = schoolId
        self.reason = reason
        self.revokedAt = revokedAt
    }
}
