import Calendar

/// The school says the problem is fixed: cause, measure, prevention (art 10) and photographs.
public struct RectificationSubmitted: Event {
    public static let type = "brightkitchen.patrol.problem.rectification-submitted.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the problem.
    public var problemId: ProblemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// 原因分析, screened for personal data.
    public var cause: String
    /// 整改措施, screened.
    public var measure: String
    /// 预防措施, screened.
    public var prevention: String
    /// Photographs with hashes.
    public var evidence: [EvidenceReference]
    /// Time.
    public var submittedAt: Instant

    public init(
        problemId: ProblemID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        cause: String,
        measure: String,
        prevention: String,
        evidence: [EvidenceReference],
        submittedAt: Instant
    ) {
        self.problemId = problemId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.cause = cause
        self.measure = measure
        self.prevention = prevention
        self.evidence = evidence
        self.submittedAt = submittedAt
    }
}
