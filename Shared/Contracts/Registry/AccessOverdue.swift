import Calendar

/// The deadline of art 5 passed without a connection. Two effects: more inspections by county and station, and
/// a bulletin (通报) to the supervising department. Complete in itself.
public struct AccessOverdue: Event {
    public static let type = "brightkitchen.registry.access.overdue.v1"
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
    /// 学校类型.
    public var schoolType: SchoolType
    /// True for a 集体用餐配送单位.
    public var isCaterer: Bool
    /// GB/T 2260 division, six digits.
    public var divisionCode: String
    /// Township or subdistrict; absent where the roster has none.
    public var township: String?
    /// 市直: directly under the city.
    public var cityDirect: Bool
    /// 食品经营许可证编号.
    public var licenceNumber: String
    /// 发证日期.
    public var licenceIssuedOn: LocalDate
    /// Last day on which a connection would have been on time.
    public var deadline: LocalDate
    /// 00:00 of the following day in the city.
    public var overdueSince: Instant
    /// Length of the period in working days.
    public var workingDays: Int
    /// Version of the working-day calendar that was used.
    public var calendarVersion: String
    /// Station that inspects more often; absent where none is loaded.
    public var stationOrganId: OrganID?
    /// County organ that inspects more often and issues the bulletin.
    public var countyOrganId: OrganID?
    /// City market-supervision organ.
    public var cityOrganId: OrganID?
    /// 主管部门 as stored: the addressee of the bulletin.
    public var supervisingDepartment: Department
    /// Bureau that receives the bulletin; absent where it is not known.
    public var supervisingOrganId: OrganID?
    /// Why this bureau: city_direct (the city bureau) or division (the bureau of the division).
    public var supervisingReason: String
    /// What is missing: codes of parts of the connection rule.
    public var unmet: [String]
    /// Code of a recorded special reason (确因特殊原因). It does not extend the deadline.
    public var specialReason: String?
    /// True: county and station inspect more often until the canteen is connected (art 5).
    public var increaseInspection: Bool
    /// True when the canteen entered the register only after its deadline (存量): the fact is the same, a
    /// bulletin is a decision of the organ.
    public var registeredAfterDeadline: Bool
    /// Rule set that was applied.
    public var ruleSet: String

    public init(
        canteenId: CanteenID,
        canteenName: String,
        schoolId: SchoolID,
        schoolName: String,
        schoolType: SchoolType,
        isCaterer: Bool,
        divisionCode: String,
        township: String? = nil,
        cityDirect: Bool,
        licenceNumber: String,
        licenceIssuedOn: LocalDate,
        deadline: LocalDate,
        overdueSince: Instant,
        workingDays: Int,
        calendarVersion: String,
        stationOrganId: OrganID? = nil,
        countyOrganId: OrganID? = nil,
        cityOrganId: OrganID? = nil,
        supervisingDepartment: Department,
        supervisingOrganId: OrganID? = nil,
        supervisingReason: String,
        unmet: [String],
        specialReason: String? = nil,
        increaseInspection: Bool,
        registeredAfterDeadline: Bool,
        ruleSet: String
    ) {
        self.canteenId = canteenId
        self.canteenName = canteenName
        self.schoolId = schoolId
        self.schoolName = schoolName
        self.schoolType = schoolType
        self.isCaterer = isCaterer
        self.divisionCode = divisionCode
        self.township = township
        self.cityDirect = cityDirect
        self.licenceNumber = licenceNumber
        self.licenceIssuedOn = licenceIssuedOn
        self.deadline = deadline
        self.overdueSince = overdueSince
        self.workingDays = workingDays
        self.calendarVersion = calendarVersion
        self.stationOrganId = stationOrganId
        self.countyOrganId = countyOrganId
        self.cityOrganId = cityOrganId
        self.supervisingDepartment = supervisingDepartment
        self.supervisingOrganId = supervisingOrganId
        self.supervisingReason = supervisingReason
        self.unmet = unmet
        self.specialReason = specialReason
        self.increaseInspection = increaseInspection
        self.registeredAfterDeadline = registeredAfterDeadline
        self.ruleSet = ruleSet
    }
}
