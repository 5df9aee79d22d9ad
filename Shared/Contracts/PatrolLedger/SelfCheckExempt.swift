import Calendar

/// A self-check that was due is not owed any more: no meals were served, or it cannot be judged.
public struct SelfCheckExempt: Event {
    public static let type = "brightkitchen.patrol.self-check.exempt.v1"
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
    /// no_meal_day, outside_term, non_working_day, not_operating, calendar_unknown or registered_in_period.
    public var reason: String

    public init(
        canteenId: CanteenID,
        schoolId: SchoolID,
        period: SelfCheckPeriod,
        firstDay: LocalDate,
        lastDay: LocalDate,
        reason: String
    ) {
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.period = period
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.reason = reason
    }
}
