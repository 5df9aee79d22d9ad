import Calendar

/// A person decided about an alert that had been told before. A false positive may still have led to another finding.
public struct AlertDecided: Event {
    public static let type = "brightkitchen.patrol.alert.decided.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the alert.
    public var alertId: AlertID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// confirmed, false_positive or unknown.
    public var outcome: AlertOutcome
    /// Why, screened for personal data; present unless confirmed.
    public var reason: String?
    /// Problem it became, or that was found on the occasion of a false alert.
    public var problemId: ProblemID?
    /// Time.
    public var decidedAt: Instant

    public init(
        alertId: AlertID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        outcome: AlertOutcome,
        reason: String? = nil,
        problemId: ProblemID? = nil,
        decidedAt: Instant
    ) {
        self.alertId = alertId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.outcome = outcome
        self.reason = reason
        self.problemId = problemId
        self.decidedAt = decidedAt
    }
}
