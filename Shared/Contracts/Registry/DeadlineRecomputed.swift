import Calendar

/// A new version of the calendar changed a deadline of art 5. Only ever to a later day: a day that was
/// promised is not taken back.
public struct DeadlineRecomputed: Event {
    public static let type = "brightkitchen.registry.deadline.recomputed.v1"
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
    /// Deadline before.
    public var previousDeadline: LocalDate
    /// Deadline now.
    public var deadline: LocalDate
    /// Whether the old one was provisional.
    public var wasProvisional: Bool
    /// Whether the new one is.
    public var provisional: Bool
    /// True when the canteen counted as overdue and no longer does.
    public var wasOverdue: Bool
    /// Version of the calendar that was used.
    public var calendarVersion: String
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
        previousDeadline: LocalDate,
        deadline: LocalDate,
        wasProvisional: Bool,
        provisional: Bool,
        wasOverdue: Bool,
        calendarVersion: String,
        stationOrganId: OrganID? = nil,
        countyOrganId: OrganID? = nil,
        supervisingOrganId: OrganID? = nil
    ) {
        self.canteenId = canteenId
        self.canteenName = canteenName
        self.schoolId = schoolId
        self.schoolName = schoolName
        self.previousDeadline = previousDeadline
        self.deadline = deadline
        self.wasProvisional = wasProvisional
        self.provisional = provisional
        self.wasOverdue = wasOverdue
        self.calendarVersion = calendarVersion
        self.stationOrganId = stationOrganId
        self.countyOrganId = countyOrganId
        self.supervisingOrganId = supervisingOrganId
    }
}
