import Calendar
import Contracts

/// What is counted of a canteen, and summed for a division. Counts only: no legal grade (量化等级) is computed here.
struct AssessmentCounts: Codable, Hashable, Sendable {
    /// Self-checks of all rhythms that were owed and whose time is over.
    var selfChecksOwed = 0
    var selfChecksDone = 0
    /// Problems found by others (patrol, complaint, parent, alert, check of a caterer).
    var problemsFound = 0
    /// Problems that the school found itself; they never count against it.
    var problemsSelfFound = 0
    /// Of the problems found by others: ended without ever having been overdue.
    var rectifiedInTime = 0
    /// Of the problems found by others: overdue at some time.
    var overdue = 0
    /// Of the problems found by others: the same item within 90 days.
    var recurrences = 0
    var warnings = 0
    /// Online patrols that counted.
    var visits = 0
    /// 公示完整度 at the end of the period: categories that are public, of those that must be. Facts of other services are
    /// absent where they were never told, and in periods that were frozen by an earlier formula.
    var disclosurePresent: Int?
    var disclosureOwed: Int?
    /// 接入: connections in the period that kept the deadline of art 5, and those that did not or still do not.
    var connectedInTime: Int?
    var connectedLate: Int?
    /// 录像留存: days of single cameras on which less was recorded than must be (art 9).
    var shortRecordingDays: Int?
    /// 家长反馈 in the period: complaints, those found to be true, and answers of the school.
    var complaints: Int?
    var complaintsConfirmed: Int?
    var feedbackAnswered: Int?

    /// Absent where nothing was owed: unknown is not zero.
    var selfCheckPermille: Int? { Self.permille(selfChecksDone, selfChecksOwed) }
    var timelyPermille: Int? { Self.permille(rectifiedInTime, rectifiedInTime + overdue) }
    var disclosurePermille: Int? { disclosureOwed.flatMap { Self.permille(disclosurePresent ?? 0, $0) } }

    /// A sum of what is known; absent where nothing is.
    private static func sum(_ left: Int?, _ right: Int?) -> Int? {
        guard left != nil || right != nil else { return nil }
        return (left ?? 0) + (right ?? 0)
    }

    static func permille(_ part: Int, _ whole: Int) -> Int? {
        whole == 0 ? nil : (part * 1000 + whole / 2) / whole
    }

    static func + (left: AssessmentCounts, right: AssessmentCounts) -> AssessmentCounts {
        AssessmentCounts(
            selfChecksOwed: left.selfChecksOwed + right.selfChecksOwed,
            selfChecksDone: left.selfChecksDone + right.selfChecksDone,
            problemsFound: left.problemsFound + right.problemsFound,
            problemsSelfFound: left.problemsSelfFound + right.problemsSelfFound,
            rectifiedInTime: left.rectifiedInTime + right.rectifiedInTime, overdue: left.overdue + right.overdue,
            recurrences: left.recurrences + right.recurrences, warnings: left.warnings + right.warnings,
            visits: left.visits + right.visits,
            disclosurePresent: sum(left.disclosurePresent, right.disclosurePresent),
            disclosureOwed: sum(left.disclosureOwed, right.disclosureOwed),
            connectedInTime: sum(left.connectedInTime, right.connectedInTime),
            connectedLate: sum(left.connectedLate, right.connectedLate),
            shortRecordingDays: sum(left.shortRecordingDays, right.shortRecordingDays),
            complaints: sum(left.complaints, right.complaints),
            complaintsConfirmed: sum(left.complaintsConfirmed, right.complaintsConfirmed),
            feedbackAnswered: sum(left.feedbackAnswered, right.feedbackAnswered))
    }

    /// Name in the interface and value, in the order of the export.
    var fields: [(name: String, value: Int?)] {
        [
            ("self_checks_owed", selfChecksOwed), ("self_checks_done", selfChecksDone),
            ("self_check_permille", selfCheckPermille), ("problems_found", problemsFound),
            ("problems_self_found", problemsSelfFound), ("rectified_in_time", rectifiedInTime), ("overdue", overdue),
            ("timely_permille", timelyPermille), ("recurrences", recurrences), ("warnings", warnings),
            ("visits", visits), ("disclosure_present", disclosurePresent), ("disclosure_owed", disclosureOwed),
            ("disclosure_permille", disclosurePermille), ("connected_in_time", connectedInTime),
            ("connected_late", connectedLate), ("short_recording_days", shortRecordingDays),
            ("complaints", complaints), ("complaints_confirmed", complaintsConfirmed),
            ("feedback_answered", feedbackAnswered),
        ]
    }
}

/// The facts of a period (考核) with the version of the formula by which they were counted.
struct AssessmentContent: Codable, Hashable, Sendable {
    struct Canteen: Codable, Hashable, Sendable {
        var canteenId: CanteenID
        var canteenName: String
        var schoolId: SchoolID
        var schoolName: String
        var divisionCode: String
        var counts: AssessmentCounts
    }

    struct Division: Codable, Hashable, Sendable {
        var divisionCode: String
        var canteens: Int
        var counts: AssessmentCounts
    }

    /// How a patrolling organ did its weekly task.
    struct Organ: Codable, Hashable, Sendable {
        var organId: OrganID
        var name: String
        var level: OrganLevel
        var weeksSatisfied: Int
        var weeksMissed: Int
        var weeksExempt: Int

        /// Absent where no week was owed.
        var attainmentPermille: Int? {
            AssessmentCounts.permille(weeksSatisfied, weeksSatisfied + weeksMissed)
        }
    }

    static let currentFormula = "bk-assessment-2"

    var formula: String
    var organId: OrganID
    var firstDay: LocalDate
    var lastDay: LocalDate
    var countedAt: Instant
    var canteens: [Canteen]
    var organs: [Organ]

    /// Sums by county division.
    var divisions: [Division] {
        Dictionary(grouping: canteens, by: \.divisionCode).map { code, canteens in
            Division(
                divisionCode: code, canteens: canteens.count,
                counts: canteens.reduce(AssessmentCounts()) { $0 + $1.counts })
        }.sorted { $0.divisionCode < $1.divisionCode }
    }

    /// One value that is not as it was in the earlier version; absent = not counted there.
    struct Change: Codable, Hashable, Sendable {
        var id: String
        var name: String
        var field: String
        var before: Int?
        var after: Int?
    }

    func changes(since earlier: AssessmentContent) -> [Change] {
        func compare(
            _ id: String, _ name: String, _ before: [(name: String, value: Int?)]?,
            _ after: [(name: String, value: Int?)]?
        ) -> [Change] {
            (after ?? before ?? []).map(\.name).compactMap { field in
                let old = before?.first { $0.name == field }?.value
                let new = after?.first { $0.name == field }?.value
                return old == new ? nil : Change(id: id, name: name, field: field, before: old, after: new)
            }
        }
        let oldCanteens = Dictionary(uniqueKeysWithValues: earlier.canteens.map { ($0.canteenId, $0) })
        let newCanteens = Dictionary(uniqueKeysWithValues: canteens.map { ($0.canteenId, $0) })
        let oldOrgans = Dictionary(uniqueKeysWithValues: earlier.organs.map { ($0.organId, $0) })
        var changes: [Change] = []
        for id in Set(oldCanteens.keys).union(newCanteens.keys).sorted(by: { $0.rawValue < $1.rawValue }) {
            let name = newCanteens[id]?.schoolName ?? oldCanteens[id]?.schoolName ?? ""
            changes += compare(
                id.rawValue, name, oldCanteens[id]?.counts.fields, newCanteens[id]?.counts.fields)
        }
        for organ in organs {
            changes += compare(
                organ.organId.rawValue, organ.name, oldOrgans[organ.organId]?.fields, organ.fields)
        }
        return changes
    }
}

extension AssessmentContent.Organ {
    var fields: [(name: String, value: Int?)] {
        [
            ("weeks_satisfied", weeksSatisfied), ("weeks_missed", weeksMissed), ("weeks_exempt", weeksExempt),
            ("attainment_permille", attainmentPermille),
        ]
    }
}
