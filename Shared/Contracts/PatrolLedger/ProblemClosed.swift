import Calendar

/// The problem reached its reasoned end.
public struct ProblemClosed: Event {
    public static let type = "brightkitchen.patrol.problem.closed.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the problem.
    public var problemId: ProblemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// How it ended.
    public var outcome: ProblemOutcome
    /// What was done, for the public page; screened.
    public var measure: String?
    /// Time.
    public var closedAt: Instant
    /// Problem it was merged into, or the other finding behind a false positive.
    public var linkedProblemId: ProblemID?
    /// Why it ended without a rectification; screened.
    public var reason: String?

    public init(
        problemId: ProblemID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        outcome: ProblemOutcome,
        measure: String? = nil,
        closedAt: Instant,
        linkedProblemId: ProblemID? = nil,
        reason: String? = nil
    ) {
        self.problemId = problemId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.outcome = outcome
        self.measure = measure
        self.closedAt = closedAt
        self.linkedProblemId = linkedProblemId
        self.reason = reason
    }
}
