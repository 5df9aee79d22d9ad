import Calendar
import Contracts
import Postgres

/// A frozen period.
struct AssessmentRecord: Hashable, Sendable {
    var assessmentId: String
    var organId: OrganID
    var firstDay: LocalDate
    var lastDay: LocalDate
    var version: Int
    var name: String
    var formula: String
    var reason: String?
    var frozenAt: Instant
    var content: [UInt8]
    var contentHash: String

    static let columns: SQL = """
        assessment_id, organ_id, first_day, last_day, version, name, formula, reason, frozen_at, content, content_hash
        """

    @Sendable init(_ row: Row) throws {
        assessmentId = try row["assessment_id"]
        organId = try row["organ_id"]
        firstDay = try row["first_day"]
        lastDay = try row["last_day"]
        version = try row["version"]
        name = try row["name"]
        formula = try row["formula"]
        reason = try row["reason"]
        frozenAt = try row["frozen_at"]
        content = try row["content"]
        contentHash = try row["content_hash"]
    }
}

extension PostgresExecutor {
    func assessment(_ id: String) async throws -> AssessmentRecord? {
        try await first(
            "SELECT \(AssessmentRecord.columns) FROM assessment WHERE assessment_id = \(id)", AssessmentRecord.init)
    }

    /// Versions of one period, newest first.
    func assessments(of organ: OrganID, from: LocalDate, to: LocalDate) async throws -> [AssessmentRecord] {
        try await query(
            """
            SELECT \(AssessmentRecord.columns) FROM assessment
            WHERE organ_id = \(organ) AND first_day = \(from) AND last_day = \(to) ORDER BY version DESC
            """, AssessmentRecord.init)
    }

    /// Of one organ, or of all for nil (the auditor).
    func assessments(of organ: OrganID?, limit: Int, offset: Int) async throws -> [AssessmentRecord] {
        try await query(
            """
            SELECT \(AssessmentRecord.columns) FROM assessment WHERE \(organ)::text IS NULL OR organ_id = \(organ)
            ORDER BY last_day DESC, first_day DESC, version DESC, assessment_id LIMIT \(limit) OFFSET \(offset)
            """, AssessmentRecord.init)
    }

    func assessmentCount(of organ: OrganID?) async throws -> Int {
        try await first(
            "SELECT count(*) AS n FROM assessment WHERE \(organ)::text IS NULL OR organ_id = \(organ)"
        ) { try $0["n"] as Int } ?? 0
    }

    /// The facts of every canteen in the condition, by school.
    func assessmentCanteens(
        visible: SQL, from: LocalDate, to: LocalDate
    ) async throws -> [AssessmentContent.Canteen] {
        let start = from.start
        let end = to.adding(days: 1).start
        return try await query(
            """
            SELECT c.canteen_id, c.name, c.school_id, c.school_name, c.division_code, s.owed, s.done, p.found, p.self_found,
                p.timely, p.late, p.again, w.warnings, v.visits, d.present, d.present + d.missing AS disclosure_owed,
                a.in_time, a.too_late, r.short, f.complaints, f.confirmed, f.answered
            FROM canteen c
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE state IN ('submitted', 'reviewed', 'missed')) AS owed,
                    count(*) FILTER (WHERE state IN ('submitted', 'reviewed')) AS done
                FROM self_check k WHERE k.canteen_id = c.canteen_id AND k.last_day BETWEEN \(from) AND \(to)
            ) s
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE origin <> 'self_check') AS found,
                    count(*) FILTER (WHERE origin = 'self_check') AS self_found,
                    count(*) FILTER (WHERE origin <> 'self_check' AND closed_at IS NOT NULL AND overdue_at IS NULL) AS timely,
                    count(*) FILTER (WHERE origin <> 'self_check' AND overdue_at IS NOT NULL) AS late,
                    count(*) FILTER (WHERE origin <> 'self_check' AND recurrence_of IS NOT NULL) AS again
                FROM problem q WHERE q.canteen_id = c.canteen_id AND q.found_at >= \(start) AND q.found_at < \(end)
                    AND (q.outcome IS NULL OR q.outcome NOT IN ('false_positive', 'merged', 'withdrawn'))
            ) p
            CROSS JOIN LATERAL (
                SELECT count(*) AS warnings FROM warning x
                WHERE x.canteen_id = c.canteen_id AND x.issued_at >= \(start) AND x.issued_at < \(end)
            ) w
            CROSS JOIN LATERAL (
                SELECT count(*) AS visits FROM visit y
                WHERE y.canteen_id = c.canteen_id AND y.counts AND y.counted_on BETWEEN \(from) AND \(to)
            ) v
            LEFT JOIN LATERAL (
                SELECT present, missing FROM disclosure_completeness x
                WHERE x.canteen_id = c.canteen_id AND x.changed_at < \(end) ORDER BY changed_at DESC LIMIT 1
            ) d ON true
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE fact IN ('early', 'on_time')) AS in_time,
                    count(*) FILTER (WHERE fact = 'overdue') AS too_late
                FROM access_fact x WHERE x.canteen_id = c.canteen_id AND x.at >= \(start) AND x.at < \(end)
            ) a
            CROSS JOIN LATERAL (
                SELECT count(*) AS short FROM recording_shortfall x
                WHERE x.canteen_id = c.canteen_id AND x.day BETWEEN \(from) AND \(to)
            ) r
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE kind = 'complaint') AS complaints,
                    count(*) FILTER (WHERE confirmed_at IS NOT NULL) AS confirmed,
                    count(*) FILTER (WHERE answered_at IS NOT NULL) AS answered
                FROM feedback_fact x WHERE x.canteen_id = c.canteen_id AND x.received_at >= \(start) AND x.received_at < \(end)
            ) f
            WHERE \(visible) ORDER BY c.school_name, c.name, c.canteen_id
            """
        ) { row in
            var counts = AssessmentCounts()
            counts.selfChecksOwed = try row["owed"]
            counts.selfChecksDone = try row["done"]
            counts.problemsFound = try row["found"]
            counts.problemsSelfFound = try row["self_found"]
            counts.rectifiedInTime = try row["timely"]
            counts.overdue = try row["late"]
            counts.recurrences = try row["again"]
            counts.warnings = try row["warnings"]
            counts.visits = try row["visits"]
            counts.disclosurePresent = try row["present"]
            counts.disclosureOwed = try row["disclosure_owed"]
            counts.connectedInTime = try row["in_time"]
            counts.connectedLate = try row["too_late"]
            counts.shortRecordingDays = try row["short"]
            counts.complaints = try row["complaints"]
            counts.complaintsConfirmed = try row["confirmed"]
            counts.feedbackAnswered = try row["answered"]
            return AssessmentContent.Canteen(
                canteenId: try row["canteen_id"], canteenName: try row["name"], schoolId: try row["school_id"],
                schoolName: try row["school_name"], divisionCode: try row["division_code"], counts: counts)
        }
    }

    /// Weeks are counted by their label: those whose Thursday is in the period.
    func assessmentOrgans(
        _ organs: [OrganRecord], from: LocalDate, to: LocalDate
    ) async throws -> [AssessmentContent.Organ] {
        var weeks: [String] = []
        var week = Week(containing: from)
        while week.monday <= to {
            let thursday = week.monday.adding(days: 3)
            if thursday >= from && thursday <= to { weeks.append(week.isoLabel) }
            week = week.next
        }
        var facts: [AssessmentContent.Organ] = []
        for organ in organs {
            let results = try await query(
                "SELECT status FROM week_result WHERE organ_id = \(organ.organId) AND week = ANY(\(weeks))"
            ) { try $0["status"] as WeekRecord.Status }
            facts.append(
                AssessmentContent.Organ(
                    organId: organ.organId, name: organ.name, level: organ.level,
                    weeksSatisfied: results.count { $0 == .satisfied }, weeksMissed: results.count { $0 == .missed },
                    weeksExempt: results.count { $0 == .exempt }))
        }
        return facts
    }
}
