import Calendar
import Contracts

/// A self-check in a list.
struct SelfCheckView: Codable, Hashable, Sendable {
    var canteenId: CanteenID
    var canteenName: String
    var schoolId: SchoolID
    var schoolName: String
    var period: SelfCheckPeriod
    var firstDay: LocalDate
    var lastDay: LocalDate
    var dueBy: Instant
    var state: SelfCheckState
    var exemption: SelfCheckExemption?
    var provisional: Bool
    /// Latest version; 0 = no report.
    var version: Int
    var late: Bool?
    var madeUpAt: Instant?
    var noProblemFound: Bool?
    var qualityFlags: [String]

    init(_ listing: SelfCheckListing) {
        self.init(
            listing.check, canteenName: listing.canteenName, schoolName: listing.schoolName,
            noProblemFound: listing.noProblemFound, qualityFlags: listing.qualityFlags)
    }

    init(
        _ check: SelfCheckRecord, canteenName: String, schoolName: String, noProblemFound: Bool?,
        qualityFlags: [String]
    ) {
        canteenId = check.canteenId
        self.canteenName = canteenName
        schoolId = check.schoolId
        self.schoolName = schoolName
        period = check.period
        firstDay = check.firstDay
        lastDay = check.lastDay
        dueBy = check.dueBy
        state = check.state
        exemption = check.exemption
        provisional = check.isProvisional
        version = check.version
        late = check.late
        madeUpAt = check.madeUpAt
        self.noProblemFound = noProblemFound
        self.qualityFlags = qualityFlags
    }
}

/// A self-check with every version of its report.
struct SelfCheckFileView: Codable, Sendable {
    var check: SelfCheckView
    var draft: SelfCheckEntry?
    var reports: [SelfCheckReportView]
    var reviewedAt: Instant?
    var reviewNote: String?
}

struct SelfCheckReportView: Codable, Sendable {
    var version: Int
    var submittedBy: PersonID
    var role: Role
    var submittedAt: Instant
    /// When the device says it was filled in.
    var enteredAt: Instant?
    var late: Bool
    var noProblemFound: Bool
    var entry: SelfCheckEntry
    var problemIds: [String]
    var missingReports: [LocalDate]
    var identicalRun: Int
    var qualityFlags: [String]

    init(_ report: SelfCheckReportRecord) throws {
        version = report.version
        submittedBy = report.submittedBy
        role = report.role
        submittedAt = report.submittedAt
        enteredAt = report.enteredAt
        late = report.late
        noProblemFound = report.noProblemFound
        entry = try EventJSON.decode(SelfCheckEntry.self, from: report.content)
        problemIds = report.problemIds
        missingReports = report.missingReports
        identicalRun = report.identicalRun
        qualityFlags = report.qualityFlags
    }
}

/// Completion with its rates in per mille; absent where nothing was owed.
struct SelfCheckCompletionView: Codable, Sendable {
    var completion: SelfCheckCompletion
    var dailyRatePermille: Int?
    var weeklyRatePermille: Int?
    var monthlyRatePermille: Int?

    init(_ completion: SelfCheckCompletion) {
        self.completion = completion
        dailyRatePermille = completion.daily.ratePermille
        weeklyRatePermille = completion.weekly.ratePermille
        monthlyRatePermille = completion.monthly.ratePermille
    }
}
