import Calendar

/// A problem was found (art 7, 10). Origin patrol, self_check, parent, ai_alert, complaint or caterer_check.
public struct ProblemFound: Event {
    public static let type = "brightkitchen.patrol.problem.found.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Stable id of the problem.
    public var problemId: ProblemID
    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// How it was found.
    public var origin: ProblemOrigin
    /// Organ that found it; absent for a self-check.
    public var organId: OrganID?
    /// Organ whose officers enforce on site: the station of the canteen, else the county.
    public var enforcementOrganId: OrganID?
    /// Patrol in which it was found.
    public var patrolId: PatrolID?
    /// Zone group.
    public var zone: ZoneCode
    /// Checklist item, e.g. Z3-07.
    public var itemCode: String
    /// Wording of the item in the notice.
    public var itemText: String
    /// Class 1 (most serious) … 3.
    public var severity: Int
    /// What was seen, screened for personal data.
    public var description: String
    /// Evidence with hashes.
    public var evidence: [EvidenceReference]
    /// Time of finding.
    public var foundAt: Instant
    /// Deadline of acknowledgement, inclusive.
    public var acknowledgeBy: Instant
    /// Deadline of rectification, inclusive.
    public var rectifyBy: Instant
    /// The same item of the same canteen, closed less than 90 days before.
    public var recurrenceOf: ProblemID?

    public init(
        problemId: ProblemID,
        canteenId: CanteenID,
        schoolId: SchoolID,
        origin: ProblemOrigin,
        organId: OrganID? = nil,
        enforcementOrganId: OrganID? = nil,
        patrolId: PatrolID? = nil,
        zone: ZoneCode,
        itemCode: String,
        itemText: String,
        severity: Int,
        description: String,
        evidence: [EvidenceReference],
        foundAt: Instant,
        acknowledgeBy: Instant,
        rectifyBy: Instant,
        recurrenceOf: ProblemID? = nil
    ) {
        self.problemId = problemId
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.origin = origin
        self.organId = organId
        self.enforcementOrganId = enforcementOrganId
        self.patrolId = patrolId
        self.zone = zone
        self.itemCode = itemCode
        self.itemText = itemText
        self.severity = severity
        self.description = description
        self.evidence = evidence
        self.foundAt = foundAt
        self.acknowledgeBy = acknowledgeBy
        self.rectifyBy = rectifyBy
        self.recurrenceOf = recurrenceOf
    }
}
