import Calendar
import Contracts
import Postgres

/// Which self-check: a canteen, a rhythm, the first day of the period.
struct SelfCheckKey: Hashable, Sendable {
    var canteenId: CanteenID
    var span: SelfCheckSpan
}

/// A self-check as it stands.
struct SelfCheckRecord: Hashable, Sendable {
    var canteenId: CanteenID
    var schoolId: SchoolID
    var period: SelfCheckPeriod
    var firstDay: LocalDate
    var lastDay: LocalDate
    var dueBy: Instant
    var state: SelfCheckState
    var exemption: SelfCheckExemption?
    var isProvisional: Bool
    var isOffered: Bool
    var version: Int
    var late: Bool?
    var madeUpAt: Instant?
    var draft: [UInt8]?
    var reviewedAt: Instant?
    var reviewNote: String?

    static let columns: SQL = """
        s.canteen_id, s.school_id, s.period, s.first_day, s.last_day, s.due_by, s.state, s.exemption, s.provisional, s.offered,
        s.version, s.late, s.made_up_at, s.draft, s.reviewed_at, s.review_note
        """

    @Sendable init(_ row: Row) throws {
        canteenId = try row["canteen_id"]
        schoolId = try row["school_id"]
        period = try row["period"]
        firstDay = try row["first_day"]
        lastDay = try row["last_day"]
        dueBy = try row["due_by"]
        state = try row["state"]
        exemption = try row["exemption"]
        isProvisional = try row["provisional"]
        isOffered = try row["offered"]
        version = try row["version"]
        late = try row["late"]
        madeUpAt = try row["made_up_at"]
        draft = try row["draft"]
        reviewedAt = try row["reviewed_at"]
        reviewNote = try row["review_note"]
    }

    /// The period itself; a stored first day always begins one.
    var span: SelfCheckSpan { SelfCheckSpan(period, containing: firstDay) }

    /// Condition on `self_check s` for this very row.
    static func condition(_ key: SelfCheckKey) -> SQL {
        """
        s.canteen_id = \(key.canteenId) AND s.period = \(key.span.period) AND s.first_day = \(key.span.firstDay)
        """
    }
}

/// One version of a report.
struct SelfCheckReportRecord: Hashable, Sendable {
    var version: Int
    var submittedBy: PersonID
    var role: Role
    var submittedAt: Instant
    var enteredAt: Instant?
    var late: Bool
    var noProblemFound: Bool
    var content: [UInt8]
    var identicalRun: Int
    var qualityFlags: [String]
    var missingReports: [LocalDate]
    var problemIds: [String]

    @Sendable init(_ row: Row) throws {
        version = try row["version"]
        submittedBy = try row["submitted_by"]
        role = try row["role"]
        submittedAt = try row["submitted_at"]
        enteredAt = try row["entered_at"]
        late = try row["late"]
        noProblemFound = try row["no_problem_found"]
        content = try row["content"]
        identicalRun = try row["identical_run"]
        qualityFlags = try row["quality_flags"]
        missingReports = try row["missing_reports"]
        problemIds = try row["problem_ids"]
    }
}

extension PostgresExecutor {
    func selfCheck(_ key: SelfCheckKey) async throws -> SelfCheckRecord? {
        try await first(
            "SELECT \(SelfCheckRecord.columns) FROM self_check s WHERE \(SelfCheckRecord.condition(key))",
            SelfCheckRecord.init)
    }

    /// Newest version first.
    func selfCheckReports(_ key: SelfCheckKey) async throws -> [SelfCheckReportRecord] {
        try await query(
            """
            SELECT version, submitted_by, role, submitted_at, entered_at, late, no_problem_found, content, identical_run,
                quality_flags, missing_reports, problem_ids
            FROM self_check_report
            WHERE canteen_id = \(key.canteenId) AND period = \(key.span.period) AND first_day = \(key.span.firstDay)
            ORDER BY version DESC
            """, SelfCheckReportRecord.init)
    }

    /// Self-checks of the shorter rhythm within the span that were owed and not submitted (a weekly check rests on the
    /// daily ones, a monthly one on the weekly ones that ended in the month).
    func missingReports(for span: SelfCheckSpan, of canteen: CanteenID) async throws -> [LocalDate] {
        let shorter: SelfCheckPeriod
        switch span.period {
        case .daily: return []
        case .weekly: shorter = .daily
        case .monthly: shorter = .weekly
        }
        return try await query(
            """
            SELECT first_day FROM self_check WHERE canteen_id = \(canteen) AND period = \(shorter)
                AND last_day BETWEEN \(span.firstDay) AND \(span.lastDay) AND version = 0
                AND state IN ('generated', 'in_progress', 'missed') AND NOT offered
            ORDER BY first_day
            """
        ) { try $0["first_day"] as LocalDate }
    }

    /// How many reports of the same rhythm directly before this one carry that fingerprint.
    func identicalReports(before key: SelfCheckKey, fingerprint: String) async throws -> Int {
        try await first(
            """
            SELECT count(*) AS n FROM (
                SELECT bool_and(fingerprint = \(fingerprint)) OVER (ORDER BY first_day DESC) AS same FROM (
                    SELECT DISTINCT ON (first_day) first_day, fingerprint FROM self_check_report
                    WHERE canteen_id = \(key.canteenId) AND period = \(key.span.period) AND first_day < \(key.span.firstDay)
                    ORDER BY first_day DESC, version DESC
                ) latest
            ) run WHERE same
            """
        ) { try $0["n"] as Int } ?? 0
    }
}

extension PostgresTransaction {
    func lockSelfCheck(_ key: SelfCheckKey) async throws -> SelfCheckRecord? {
        try await first(
            "SELECT \(SelfCheckRecord.columns) FROM self_check s WHERE \(SelfCheckRecord.condition(key)) FOR UPDATE",
            SelfCheckRecord.init)
    }
}
