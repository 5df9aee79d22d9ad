import Calendar

/// A class 1 alert of a machine (智能告警): told at once, and marked as unconfirmed. Classes 2 and 3 wait for a person.
public struct AlertRaised: Event {
    public static let type = "brightkitchen.patrol.alert.raised.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the alert.
    public var alertId: AlertID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Organ whose officers look at it: the station of the canteen, else the county.
    public var enforcementOrganId: OrganID?
    /// Camera; absent for a sensor.
    public var cameraId: CameraID?
    /// Zone group.
    public var zone: ZoneCode
    /// Code of our own table, e.g. rodent.
    public var code: String
    /// What the code means, in Chinese.
    public var text: String
    /// Class 1 (most serious): only these go out before a person has looked.
    public var severity: Int
    /// unconfirmed: a machine says so, no person has looked yet.
    public var status: String
    /// Time by the vendor.
    public var detectedAt: Instant
    /// Time by the server.
    public var raisedAt: Instant

    public init(
        alertId: AlertID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        enforcementOrganId: OrganID? = nil,
        cameraId: CameraID? = nil,
        zone: ZoneCode,
        code: String,
        text: String,
        severity: Int,
        status: String,
        detectedAt: Instant,
        raisedAt: Instant
    ) {
        self.alertId = alertId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.enforcementOrganId = enforcementOrganId
        self.cameraId = cameraId
        self.zone = zone
        self.code = code
        self.text = text
        self.severity = severity
        self.status = status
        self.detectedAt = detectedAt
        self.raisedAt = raisedAt
    }
}
