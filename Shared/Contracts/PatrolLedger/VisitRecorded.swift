import Calendar

/// A canteen was visited in a patrol: at least one zone really viewed and its checklist submitted. Published when the patrol is closed, never before (flying checks stay hidden).
public struct VisitRecorded: Event {
    public static let type = "brightkitchen.patrol.visit.recorded.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id.
    public var visitId: VisitID
    /// Patrol the visit belongs to.
    public var patrolId: PatrolID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Organ that patrolled.
    public var organId: OrganID
    /// First view.
    public var startedAt: Instant
    /// Checklist submitted.
    public var endedAt: Instant
    /// Zones viewed.
    public var zones: [ZoneCode]
    /// Items found in order.
    public var okCount: Int
    /// Items with a violation.
    public var violationCount: Int
    /// Items that could not be seen.
    public var notObservableCount: Int
    /// Items that do not apply.
    public var notApplicableCount: Int

    public init(
        visitId: VisitID,
        patrolId: PatrolID,
        canteenId: CanteenID,
        organId: OrganID,
        startedAt: Instant,
        endedAt: Instant,
        zones: [ZoneCode],
        okCount: Int,
        violationCount: Int,
        notObservableCount: Int,
        notApplicableCount: Int
    ) {
        self.visitId = visitId
        self.patrolId = patrolId
        self.canteenId = canteenId
        self.organId = organId
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.zones = zones
        self.okCount = okCount
        self.violationCount = violationCount
        self.notObservableCount = notObservableCount
        self.notApplicableCount = notApplicableCount
    }
}
