import Calendar

/// The canteen is connected: every part of the rule was met and the county officer confirmed it.
public struct AccessConnected: Event {
    public static let type = "brightkitchen.registry.access.connected.v1"
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
    /// Against the deadline of art 5.
    public var timeliness: AccessTimeliness
    /// Calendar days: early = before the day of issue, on_time = left until the deadline, late = after the
    /// deadline; 0 without a clock.
    public var days: Int
    /// Last day that was on time; absent without a clock.
    public var deadline: LocalDate?
    /// Time of the confirmation.
    public var connectedAt: Instant
    /// Officer who confirmed, pseudonymous.
    public var confirmedBy: PersonID
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
        timeliness: AccessTimeliness,
        days: Int,
        deadline: LocalDate? = nil,
        connectedAt: Instant,
        confirmedBy: PersonID,
        stationOrganId: OrganID? = nil,
        countyOrganId: OrganID? = nil,
        supervisingOrganId: OrganID? = nil
    ) {
        self.canteenId = canteenId
        self.canteenName = canteenName
        self.schoolId = schoolId
        self.schoolName = schoolName
        self.timeliness = timeliness
        self.days = days
        self.deadline = deadline
        self.connectedAt = connectedAt
        self.confirmedBy = confirmedBy
        self.stationOrganId = stationOrganId
        self.countyOrganId = countyOrganId
        self.supervisingOrganId = supervisingOrganId
    }
}
