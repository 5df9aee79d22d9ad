import Calendar

/// The organ did not accept the rectification.
public struct RectificationReturned: Event {
    public static let type = "brightkitchen.patrol.problem.returned.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the problem.
    public var problemId: ProblemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Why, screened for personal data.
    public var reason: String
    /// Time.
    public var returnedAt: Instant

    public init(
        problemId: ProblemID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        reason: String,
        returnedAt: Instant
    ) {
        self.problemId = problemId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.reason = reason
        self.returnedAt = returnedAt
    }
}
