import Calendar

/// The deadline of rectification passed without a submission.
public struct ProblemOverdue: Event {
    public static let type = "brightkitchen.patrol.problem.overdue.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the problem.
    public var problemId: ProblemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Class 1 (most serious) … 3.
    public var severity: Int
    /// The deadline that passed, inclusive.
    public var rectifyBy: Instant
    /// First moment after the deadline at which it was seen.
    public var overdueAt: Instant

    public init(
        problemId: ProblemID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        severity: Int,
        rectifyBy: Instant,
        overdueAt: Instant
    ) {
        self.problemId = problemId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.severity = severity
        self.rectifyBy = rectifyBy
        self.overdueAt = overdueAt
    }
}
