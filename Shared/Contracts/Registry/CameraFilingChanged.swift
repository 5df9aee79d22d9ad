import Calendar

/// The filing of a public-safety camera with the police (公安备案) falls due, is late, or was recorded after a reminder.
public struct CameraFilingChanged: Event {
    public static let type = "brightkitchen.registry.camera.filing-changed.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Camera.
    public var cameraId: CameraID
    /// Its name at this time.
    public var cameraName: String
    /// Canteen that the camera looks at; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// due, overdue or filed.
    public var stage: FilingStage
    /// Last calendar day for the filing.
    public var dueOn: LocalDate
    /// County market-supervision organ.
    public var countyOrganId: OrganID?

    public init(
        cameraId: CameraID, cameraName: String, canteenId: CanteenID, schoolId: SchoolID, stage: FilingStage,
        dueOn: LocalDate, countyOrganId: OrganID? = nil
    ) {
        self.cameraId = cameraId
        self.cameraName = cameraName
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.stage = stage
        self.dueOn = dueOn
        self.countyOrganId = countyOrganId
    }
}
