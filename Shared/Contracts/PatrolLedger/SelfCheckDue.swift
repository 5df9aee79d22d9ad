import Calendar

/// A self-check is due (art 8). Also sent when a change of the school calendar makes it due after all.
public struct SelfCheckDue: Event {
    public static let type = "brightkitchen.patrol.self-check.due.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// daily (日管控), weekly (周排查) or monthly (月调度).
    public var period: SelfCheckPeriod
    /// First day of the period: the day, the Monday, the first of the month.
    public var firstDay: LocalDate
    /// Last day of the period, inclusive.
    public var lastDay: LocalDate
    /// Until when it must be submitted, inclusive.
    public var dueBy: Instant
    /// True when the school calendar or the holiday notice is not known: nothing is called missed on it.
    public var provisional: Bool

    public init(
        canteenId: CanteenID,
        schoolId: SchoolID,
        period: SelfCheckPeriod,
        firstDay: LocalDate,
        lastDay: LocalDate,
        dueBy: Instant,
        provisional: Bool
    ) {
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.period = period
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.dueBy = dueBy
        self.provisional = provisional
    }
}
