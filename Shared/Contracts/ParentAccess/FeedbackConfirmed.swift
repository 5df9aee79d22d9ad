import Calendar

/// A complaint was found to be true (查实): the patrol ledger makes it a problem with the same id, origin parent.
public struct FeedbackConfirmed: Event {
    public static let type = "brightkitchen.parent-access.feedback.confirmed.v1"
    public var topic: Topic { .parentAccess }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id; also the id of the problem.
    public var feedbackId: FeedbackID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Organ that confirmed it.
    public var organId: OrganID
    /// Officer, pseudonymous.
    public var confirmedBy: PersonID
    /// Zone group.
    public var zone: ZoneCode
    /// Class 1 (most serious) … 3.
    public var severity: Int
    /// What was found, in the officer's words, screened for personal data.
    public var description: String
    /// Time.
    public var confirmedAt: Instant

    public init(
        feedbackId: FeedbackID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        organId: OrganID,
        confirmedBy: PersonID,
        zone: ZoneCode,
        severity: Int,
        description: String,
        confirmedAt: Instant
    ) {
        self.feedbackId = feedbackId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.organId = organId
        self.confirmedBy = confirmedBy
        self.zone = zone
        self.severity = severity
        self.description = description
        self.confirmedAt = confirmedAt
    }
}
