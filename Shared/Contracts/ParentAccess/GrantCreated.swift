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
    /// Zone groups of the school that the grant opens as a whole, also for cameras to come; absent where cameras are
    /// named one by one.
    public var zones: [ZoneCode]?

    public init(
        grantId: GrantID,
        representativeId: RepresentativeID,
        schoolId: SchoolID,
        cameraIds: [CameraID],
        validFrom: Instant,
        validTo: Instant,
        zones: [ZoneCode]? = nil
    ) {
        self.grantId = grantId
        self.representativeId = representativeId
        self.schoolId = schoolId
        self.cameraIds = cameraIds
        self.validFrom = validFrom
        self.validTo = validTo
        self.zones = zones
    }
}
