import Calendar

/// A self-check was submitted; "no problem found" (零风险报告) is a report too. Another version replaces the earlier one.
public struct SelfCheckSubmitted: Event {
    public static let type = "brightkitchen.patrol.self-check.submitted.v1"
    public var topic: Topic { .patrol }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key.
    public var canteenId: CanteenID
    /// Institution of that canteen.
    public var schoolId: SchoolID
    /// daily (日管控), weekly (周排查) or monthly (月调度).
    public var period: SelfCheckPeriod
    /// First day of the period: the day, the Monday, the first of the month.
    public var firstDay: LocalDate
    /// Last day of the period, inclusive.
    public var lastDay: LocalDate
    /// 1 for the first report of the period; higher replaces lower.
    public var version: Int
    /// Declared by the person who submits: 未发现问题.
    public var noProblemFound: Bool
    /// What was found, each a problem of origin self_check.
    public var findings: [SelfCheckFinding]
    /// Pseudonymous id.
    public var submittedBy: PersonID
    /// Role in which the report was submitted; a monthly one is signed by the principal.
    public var role: Role
    /// When the platform received it.
    public var submittedAt: Instant
    /// When it was filled in, as the device says; absent = at submission.
    public var enteredAt: Instant?
    /// Received after the period was over; a missed period stays missed.
    public var late: Bool
    /// First days of the daily (weekly) reports that a weekly (monthly) report should rest on and that were not
    /// submitted.
    public var missingReports: [LocalDate]
    /// How many reports of this rhythm in a row say exactly the same, this one included.
    public var identicalRun: Int
    /// copied_text or always_clear; empty = nothing conspicuous.
    public var qualityFlags: [String]

    public init(
        canteenId: CanteenID,
        schoolId: SchoolID,
        period: SelfCheckPeriod,
        firstDay: LocalDate,
        lastDay: LocalDate,
        version: Int,
        noProblemFound: Bool,
        findings: [SelfCheckFinding],
        submittedBy: PersonID,
        role: Role,
        submittedAt: Instant,
        enteredAt: Instant? = nil,
        late: Bool,
        missingReports: [LocalDate],
        identicalRun: Int,
        qualityFlags: [String]
    ) {
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.period = period
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.version = version
        self.noProblemFound = noProblemFound
        self.findings = findings
        self.submittedBy = submittedBy
        self.role = role
        self.submittedAt = submittedAt
        self.enteredAt = enteredAt
        self.late = late
        self.missingReports = missingReports
        self.identicalRun = identicalRun
        self.qualityFlags = qualityFlags
    }
}
