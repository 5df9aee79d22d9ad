import Calendar
import Contracts

/// The numbers of art 5 and of the connection rule, as one versioned value (domain §6 art 1). Every deadline carries
/// `id`, so that a later revision does not rewrite history.
struct AccessRule: Codable, Hashable, Sendable {
    /// Names the notice.
    var id: String
    var version: Int
    var status: String
    /// A licence that is older starts no clock: the obligation did not exist.
    var effectiveFrom: LocalDate
    var source: String
    /// Length of the period; the day of issue is not counted, the last day is on time.
    var workingDays: Int
    /// Working days of the period at whose beginning a reminder is due.
    var reminders: [Int]
    /// Least share of time with a signal, 0…1, in each zone by its best camera.
    var minimumSignalShare: Double
    /// Length of the time looked at, in hours.
    var signalHours: Int
    /// Calendar days from first use within which a camera of a public-safety system is filed with the police.
    var filingDays: Int
    /// Calendar days before its end from which the filing is asked for.
    var filingReminderDays: Int

    /// The rule that is built in.
    static func builtIn() throws -> AccessRule {
        try EventJSON.decode(from: PackageResources.access_rule_json)
    }
}
