/// The weekly patrol task (每周巡查任务) of an organ is done.
public struct WeekSatisfied: Event {
    public static let type = "brightkitchen.patrol.week.satisfied.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { organId.rawValue }
    public var subject: String { organId.rawValue }

    /// Organ; partition key.
    public var organId: OrganID
    /// ISO week.
    public var week: String
    /// Patrol that satisfied it.
    public var patrolId: PatrolID
    /// Effective minimum of canteens in one patrol.
    public var required: Int
    /// Distinct canteens of that patrol.
    public var visited: Int
    /// Rule set that was applied.
    public var ruleSet: String

    public init(
        organId: OrganID,
        week: String,
        patrolId: PatrolID,
        required: Int,
        visited: Int,
        ruleSet: String
    ) {
        self.organId = organId
        self.week = week
        self.patrolId = patrolId
        self.required = required
        self.visited = visited
        self.ruleSet = ruleSet
    }
}
