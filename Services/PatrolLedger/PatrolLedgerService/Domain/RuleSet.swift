import Calendar
import Contracts
import Foundation

/// The numbers that the notice and the city fix, as one versioned value (design card §6 art 1).
/// Every computed obligation carries `id`, so that a later revision does not rewrite history.
struct RuleSet: Codable, Hashable, Sendable {
    struct Quotas: Codable, Hashable, Sendable {
        var city: Int
        var county: Int
        var station: Int
    }

    struct ProblemClass: Codable, Hashable, Sendable {
        struct Rectify: Codable, Hashable, Sendable {
            var sameDay: Bool?
            var workingDays: Int?
        }

        /// 1 (most serious) … 3.
        var `class`: Int
        var acknowledgeMinutes: Int?
        var acknowledgeWorkingDays: Int?
        var rectify: Rectify
        /// Art 10 分析查明原因: a rectification without a cause is not accepted.
        var causeRequired: Bool
    }

    /// `jm-2020-232`.
    var id: String
    var version: Int
    var status: String
    /// Obligations before this day do not exist.
    var effectiveFrom: LocalDate
    var source: String
    /// Distinct canteens in ONE patrol.
    var quotas: Quotas
    /// A zone counts as really viewed from this many seconds on.
    var minimumViewSeconds: Int
    var longestPatrolHours: Int
    /// How long evidence is kept that a problem rests on; a hold keeps it longer.
    var evidenceRetentionDays: Int
    /// The same for evidence that no problem rests on.
    var looseEvidenceRetentionDays: Int
    /// The same item of the same canteen within so many days after its end is a re-occurrence (复发).
    var recurrenceDays: Int
    /// By how much the organ may extend a deadline, once.
    var longestExtensionWorkingDays: Int
    /// A class 1 problem that is overdue for more than so many days leads to a yellow warning.
    var yellowAfterDays: Int
    /// A second yellow warning within so many days is red.
    var redWithinDays: Int
    var problemClasses: [ProblemClass]

    /// The rule set that is built in.
    static func builtIn() throws -> RuleSet {
        try EventJSON.decode(from: PackageResources.rules_jm_2020_232_json)
    }

    func quota(_ level: OrganLevel) -> Int {
        switch level {
        case .city: quotas.city
        case .county: quotas.county
        case .station: quotas.station
        }
    }

    /// nil for a class that the rule set does not know.
    func problemClass(_ number: Int) -> ProblemClass? {
        problemClasses.first { $0.class == number }
    }
}
