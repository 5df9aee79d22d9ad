import Calendar

/// A parent representative sent a complaint, a suggestion or praise (art 12). Neither the reporter nor the words
/// are in it.
public struct FeedbackReceived: Event {
    public static let type = "brightkitchen.parent-access.feedback.received.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var feedbackId: FeedbackID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// What it is.
    public var kind: FeedbackKind
    /// Zone group it is about; absent where the reporter named none.
    public var zone: ZoneCode?
    /// Time.
    public var receivedAt: Instant
    /// Last day of the decision whether it is taken up, inclusive; absent where the calendar of that year is not
    /// published.
    public var decideBy: LocalDate?

    public init(
        feedbackId: FeedbackID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        kind: FeedbackKind,
        zone: ZoneCode? = nil,
        receivedAt: Instant,
        decideBy: LocalDate? = nil
    ) {
        self.feedbackId = feedbackId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.kind = kind
        self.zone = zone
        self.receivedAt = receivedAt
        self.decideBy = decideBy
    }
}
