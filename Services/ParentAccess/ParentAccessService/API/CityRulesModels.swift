import Calendar
import ServiceKit

struct CityRulesRow: Sendable {
    let version: String
    let since: String
    let window: String
    let perSchool: String
    let perPerson: String
    let quota: String
    let guestDays: String
}

struct CityRulesModel: Sendable {
    let current: [CityRulesRow]
    let versions: [CityRulesRow]
    let hasVersions: Bool
    let canPropose: Bool
    let fields: [FormField]
    let approvalsPath: String
    let conflict: String?
}

struct CityRulesLine: Encodable, Sendable {
    let version: String
    let effectiveFrom: Instant
    let opens: String
    let closes: String
    let streamsPerSchool: Int
    let streamsPerPerson: Int
    let quota: Int
    let guestDays: Int

    init(_ rules: CityRules) {
        version = rules.version
        effectiveFrom = rules.effectiveFrom
        opens = rules.limits.opens.text
        closes = rules.limits.closes.text
        streamsPerSchool = rules.streams.perSchool
        streamsPerPerson = rules.streams.perPerson
        quota = rules.quota
        guestDays = rules.guestDays
    }
}

struct CityRulesAnswer: Encodable, Sendable {
    let inForce: CityRulesLine
    let versions: [CityRulesLine]
}
