/// The week ended without a sufficient patrol. Stays for ever.
public struct WeekMissed: Event {
    public static let type = "brightkitchen.patrol.week.missed.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { organId.rawValue }
    public var subject: String { organId.rawValue }

    /// Organ; partition key.
    public var organId: OrganID
    /// ISO week.
    public var week: String
    /// Effective minimum.
    public var required: Int
    /// Rule set that was applied.
    public var ruleSet: String

    public init(
        organId: OrganID,
        week: String,
        required: Int,
        ruleSet: String
    ) {
        self.organId = organId
        self.week = week
        self.required = required
        self.ruleSet = ruleSet
    }
}
