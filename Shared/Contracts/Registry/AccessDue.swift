import Calendar

/// The ten working days of art 5 began: the licence was issued and the canteen is not connected.
public struct AccessDue: Event {
    public static let type = "brightkitchen.registry.access.due.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Name at this time.
    public var canteenName: String
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Name at this time.
    public var schoolName: String
    /// 食品经营许可证编号.
    public var licenceNumber: String
    /// 发证日期; not counted.
    public var licenceIssuedOn: LocalDate
    /// Last day on which a connection is on time.
    public var deadline: LocalDate
    /// True while the count reaches into a year whose holiday notice is not published: nothing is overdue on
    /// it.
    public var provisional: Bool
    /// Version of the working-day calendar that was used.
    public var calendarVersion: String
    /// Length of the period in working days.
    public var workingDays: Int
    /// Rule set that was applied.
    public var ruleSet: String
    /// Station whose area covers the canteen; absent where none is loaded.
    public var stationOrganId: OrganID?
    /// County market-supervision organ.
    public var countyOrganId: OrganID?
    /// Bureau that supervises the school.
    public var supervisingOrganId: OrganID?

    public init(
        canteenId: CanteenID,
        canteenName: String,
        schoolId: SchoolID,
        schoolName: String,
        licenceNumber: String,
        licenceIssuedOn: LocalDate,
        deadline: LocalDate,
        provisional: Bool,
        calendarVersion: String,
        workingDays: Int,
        ruleSet: String,
        stationOrganId: OrganID? = nil,
        countyOrganId: OrganID? = nil,
        supervisingOrganId: OrganID? = nil
    ) {
        self.canteenId = canteenId
        self.canteenName = canteenName
        self.schoolId = schoolId
        self.schoolName = schoolName
        self.licenceNumber = licenceNumber
        self.licenceIssuedOn = licenceIssuedOn
        self.deadline = deadline
        self.provisional = provisional
        self.calendarVersion = calendarVersion
        self.workingDays = workingDays
        self.ruleSet = ruleSet
        self.stationOrganId = stationOrganId
        self.countyOrganId = countyOrganId
        self.supervisingOrganId = supervisingOrganId
    }
}
