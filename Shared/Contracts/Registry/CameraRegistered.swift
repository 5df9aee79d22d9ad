import Calendar

/// A camera was registered; it is pending until a person has checked its first frame.
public struct CameraRegistered: Event {
    public static let type = "brightkitchen.registry.camera.registered.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var cameraId: CameraID
    /// Canteen the camera looks at; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Display name, 学校简称-食堂-区域-序号.
    public var name: String
    /// Zone group (domain §7.1).
    public var zone: ZoneCode
    /// GB/T 28181 channel id, 20 digits.
    public var gbId: String
    /// 启用日期.
    public var enabledOn: LocalDate
    /// 预进间: never shown to parents.
    public var isAnteroom: Bool
    /// State after this event.
    public var status: CameraStatus

    public init(
        cameraId: CameraID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        name: String,
        zone: ZoneCode,
        gbId: String,
        enabledOn: LocalDate,
        isAnteroom: Bool,
        status: CameraStatus
    ) {
        self.cameraId = cameraId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.name = name
        self.zone = zone
        self.gbId = gbId
        self.enabledOn = enabledOn
        self.isAnteroom = isAnteroom
        self.status = status
    }
}
