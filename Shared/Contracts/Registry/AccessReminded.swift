import Calendar

/// A reminder before the deadline of art 5, at the beginning of working day 5, 8 or 10.
public struct AccessReminded: Event {
    public static let type = "brightkitchen.registry.access.reminded.v1"
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
    /// Which working day of the period begins.
    public var workingDay: Int
    /// Last day on which a connection is on time.
    public var deadline: LocalDate
    /// True while the deadline reaches into a year without a published notice.
    public var provisional: Bool
    /// What is missing: codes of parts of the connection rule, e.g. zone:Z3, first_frame, signal,
    /// disclosure:D5, confirmation.
    public var unmet: [String]
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
        workingDay: Int,
        deadline: LocalDate,
        provisional: Bool,
        unmet: [String],
        stationOrganId: OrganID? = nil,
        countyOrganId: OrganID? = nil,
        supervisingOrganId: OrganID? = nil
    ) {
        self.canteenId = canteenId
        self.canteenName = canteenName
        self.schoolId = schoolId
        self.schoolName = schoolName
        self.workingDay = workingDay
        self.deadline = deadline
        self.provisional = provisional
        self.unmet = unmet
        self.stationOrganId = stationOrganId
        self.countyOrganId = countyOrganId
        self.supervisingOrganId = supervisingOrganId
    }
}
