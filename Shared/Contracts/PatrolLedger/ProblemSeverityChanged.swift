import Calendar

/// The organ changed the class of a problem; its deadlines follow.
public struct ProblemSeverityChanged: Event {
    public static let type = "brightkitchen.patrol.problem.severity-changed.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the problem.
    public var problemId: ProblemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Class before, 1 (most serious) … 3.
    public var previousSeverity: Int
    /// Class now.
    public var severity: Int
    /// Why; screened.
    public var reason: String
    /// Deadline of acknowledgement, inclusive.
    public var acknowledgeBy: Instant
    /// Deadline of rectification, inclusive.
    public var rectifyBy: Instant
    /// Time.
    public var changedAt: Instant

    public init(
        problemId: ProblemID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        previousSeverity: Int,
        severity: Int,
        reason: String,
        acknowledgeBy: Instant,
        rectifyBy: Instant,
        changedAt: Instant
    ) {
        self.problemId = problemId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.previousSeverity = previousSeverity
        self.severity = severity
        self.reason = reason
        self.acknowledgeBy = acknowledgeBy
        self.rectifyBy = rectifyBy
        self.changedAt = changedAt
    }
}
