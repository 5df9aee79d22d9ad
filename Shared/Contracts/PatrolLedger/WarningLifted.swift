import Calendar

/// The warning ended.
public struct WarningLifted: Event {
    public static let type = "brightkitchen.patrol.warning.lifted.v1"
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
    /// Why; screened.
    public var reason: String
    /// Time.
    public var liftedAt: Instant

    public init(
        warningId: WarningID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        level: String,
        reason: String,
        liftedAt: Instant
    ) {
        self.warningId = warningId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.level = level
        self.reason = reason
        self.liftedAt = liftedAt
    }
}
