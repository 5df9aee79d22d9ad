import Calendar

/// The overdue ladder: a canteen gets a yellow or red warning (黄牌、红牌).
public struct WarningIssued: Event {
    public static let type = "brightkitchen.patrol.warning.issued.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the warning.
    public var warningId: WarningID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// yellow or red.
    public var level: String
    /// Problem that led to it.
    public var problemId: ProblemID
    /// class_1_overdue, or second_yellow (second within six months).
    public var rule: String
    /// Time.
    public var issuedAt: Instant

    public init(
        warningId: WarningID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        level: String,
        problemId: ProblemID,
        rule: String,
        issuedAt: Instant
    ) {
        self.warningId = warningId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.level = level
        self.problemId = problemId
        self.rule = rule
        self.issuedAt = issuedAt
    }
}
