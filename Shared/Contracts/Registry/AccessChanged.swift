import Calendar

/// The state of a canteen's access changed.
public struct AccessChanged: Event {
    public static let type = "brightkitchen.registry.access.changed.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Name at this time.
    public var canteenName: String
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// Name at this time.
    public var schoolName: String
    /// State after this event.
    public var state: AccessState
    /// State before.
    public var previous: AccessState
    /// Why, screened for personal data.
    public var reason: String?
    /// True when a running deadline ended with this change.
    public var clockCancelled: Bool
    /// Time.
    public var changedAt: Instant

    public init(
        canteenId: CanteenID,
        canteenName: String,
        schoolId: SchoolID,
        schoolName: String,
        state: AccessState,
        previous: AccessState,
        reason: String? = nil,
        clockCancelled: Bool,
        changedAt: Instant
    ) {
        self.canteenId = canteenId
        self.canteenName = canteenName
        self.schoolId = schoolId
        self.schoolName = schoolName
        self.state = state
        self.previous = previous
        self.reason = reason
        self.clockCancelled = clockCancelled
        self.changedAt = changedAt
    }
}
