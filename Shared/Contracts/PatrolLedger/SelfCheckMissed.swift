import Calendar

/// The period of a self-check ended without a report. Stays for ever; a late report is noted beside it.
public struct SelfCheckMissed: Event {
    public static let type = "brightkitchen.patrol.self-check.missed.v1"
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
    /// Until when it had to be submitted.
    public var dueBy: Instant

    public init(
        canteenId: CanteenID,
        schoolId: SchoolID,
        period: SelfCheckPeriod,
        firstDay: LocalDate,
        lastDay: LocalDate,
        dueBy: Instant
    ) {
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.period = period
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.dueBy = dueBy
    }
}
