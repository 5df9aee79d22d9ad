import Calendar

/// The school answered feedback that was passed on to it.
public struct FeedbackAnswered: Event {
    public static let type = "brightkitchen.parent-access.feedback.answered.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var feedbackId: FeedbackID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Time.
    public var answeredAt: Instant

    public init(
        feedbackId: FeedbackID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        answeredAt: Instant
    ) {
        self.feedbackId = feedbackId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.answeredAt = answeredAt
    }
}
