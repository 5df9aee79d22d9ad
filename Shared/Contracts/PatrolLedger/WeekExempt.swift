/// No patrol was due: no working day, or no operating canteen.
public struct WeekExempt: Event {
    public static let type = "brightkitchen.patrol.week.exempt.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { organId.rawValue }
    public var subject: String { organId.rawValue }

    /// Organ; partition key.
    public var organId: OrganID
    /// ISO week.
    public var week: String
    /// no_working_day or no_operating_canteen.
    public var reason: String
    /// Rule set that was applied.
    public var ruleSet: String

    public init(
        organId: OrganID,
        week: String,
        reason: String,
        ruleSet: String
    ) {
        self.organId = organId
        self.week = week
        self.reason = reason
        self.ruleSet = ruleSet
    }
}
