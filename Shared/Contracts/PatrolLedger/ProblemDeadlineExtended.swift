import Calendar

/// The organ extended the deadline, once.
public struct ProblemDeadlineExtended: Event {
    public static let type = "brightkitchen.patrol.problem.deadline-extended.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the problem.
    public var problemId: ProblemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Deadline before, inclusive.
    public var previousRectifyBy: Instant
    /// Deadline now, inclusive.
    public var rectifyBy: Instant
    /// Why; screened.
    public var reason: String
    /// Time.
    public var extendedAt: Instant

    public init(
        problemId: ProblemID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        previousRectifyBy: Instant,
        rectifyBy: Instant,
        reason: String,
        extendedAt: Instant
    ) {
        self.problemId = problemId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.previousRectifyBy = previousRectifyBy
        self.rectifyBy = rectifyBy
        self.reason = reason
        self.extendedAt = extendedAt
    }
}
