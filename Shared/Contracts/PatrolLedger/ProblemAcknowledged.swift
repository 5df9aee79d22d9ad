import Calendar

/// The school took note of the problem.
public struct ProblemAcknowledged: Event {
    public static let type = "brightkitchen.patrol.problem.acknowledged.v1"
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
    public var acknowledgedAt: Instant

    public init(
        problemId: ProblemID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        acknowledgedAt: Instant
    ) {
        self.problemId = problemId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.acknowledgedAt = acknowledgedAt
    }
}
