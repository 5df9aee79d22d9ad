import Calendar

/// A patrol was closed and entered in the ledger.
public struct PatrolClosed: Event {
    public static let type = "brightkitchen.patrol.patrol.closed.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { organId.rawValue }
    public var subject: String { organId.rawValue }

    /// Stable id.
    public var patrolId: PatrolID
    /// Organ; partition key.
    public var organId: OrganID
    /// ISO week of its start, e.g. 2026-W48.
    public var week: String
    /// 检查依据 codes.
    public var basis: [String]
    /// Start.
    public var startedAt: Instant
    /// End.
    public var closedAt: Instant
    /// Distinct canteens that count.
    public var canteenIds: [CanteenID]
    /// Problems found.
    public var problemIds: [ProblemID]
    /// Gap-free number per organ and year, e.g. 440703-2026-000123.
    public var ledgerNumber: String
    /// True where the patrol alone meets the effective minimum of its organ.
    public var meetsQuota: Bool

    public init(
        patrolId: PatrolID,
        organId: OrganID,
        week: String,
        basis: [String],
        startedAt: Instant,
        closedAt: Instant,
        canteenIds: [CanteenID],
        problemIds: [ProblemID],
        ledgerNumber: String,
        meetsQuota: Bool
    ) {
        self.patrolId = patrolId
        self.organId = organId
        self.week = week
        self.basis = basis
        self.startedAt = startedAt
        self.closedAt = closedAt
        self.canteenIds = canteenIds
        self.problemIds = problemIds
        self.ledgerNumber = ledgerNumber
        self.meetsQuota = meetsQuota
    }
}
