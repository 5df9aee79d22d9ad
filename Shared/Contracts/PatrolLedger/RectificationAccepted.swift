import Calendar

/// The organ accepted the rectification.
public struct RectificationAccepted: Event {
    public static let type = "brightkitchen.patrol.problem.accepted.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the problem.
    public var problemId: ProblemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Time.
    public var acceptedAt: Instant

    public init(
        problemId: ProblemID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        acceptedAt: Instant
    ) {
        self.problemId = problemId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.acceptedAt = acceptedAt
    }
}
