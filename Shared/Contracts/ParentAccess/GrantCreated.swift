import Calendar

/// A school allowed a representative to watch cameras in windows.
public struct GrantCreated: Event {
    public static let type = "brightkitchen.parent-access.grant.created.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { schoolId.rawValue }
    public var subject: String { schoolId.rawValue }

    /// Stable id.
    public var grantId: GrantID
    /// Pseudonymous id.
    public var representativeId: RepresentativeID
    /// School; partition key.
    public var schoolId: SchoolID
    /// Cameras that may be watched.
    public var cameraIds: [CameraID]
    /// First moment.
    public var validFrom: Instant
    /// Last moment, exclusive.
    public var validTo: Instant

    public init(
        grantId: GrantID,
        representativeId: RepresentativeID,
        schoolId: SchoolID,
        cameraIds: [CameraID],
        validFrom: Instant,
        validTo: Instant
    ) {
        self.grantId = grantId
        self.representativeId = representativeId
        self.schoolId = schoolId
        self.cameraIds = cameraIds
        self.validFrom = validFrom
        self.validTo = validTo
    }
}
