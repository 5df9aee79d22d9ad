import Contracts

/// One line of the routing table. An empty condition means "any"; all conditions must hold.
struct BulletinRule: Codable, Hashable, Sendable {
    /// Stable within a rule set: a–z, 0–9 and hyphens.
    var id: String
    /// As officials call it.
    var name: String
    var isEnabled: Bool
    var triggers: [BulletinTrigger]
    var severities: [Int]
    var origins: [ProblemOrigin]
    var schoolTypes: [SchoolType]
    /// GB/T 2260, six digits.
    var divisions: [String]
    /// Supervising departments.
    var departments: [Department]
    /// 市直学校 only, or all others only.
    var cityDirect: Bool?
    /// Caterers (供餐单位) only, or all others only.
    var caterer: Bool?
    /// 主送. Empty: the rule says that no bulletin is written.
    var receivers: [BulletinReceiver]
    /// 抄送.
    var copies: [BulletinReceiver]
    var urgency: BulletinUrgency

    init(
        id: String, name: String, isEnabled: Bool = true, triggers: [BulletinTrigger], severities: [Int] = [],
        origins: [ProblemOrigin] = [], schoolTypes: [SchoolType] = [], divisions: [String] = [],
        departments: [Department] = [], cityDirect: Bool? = nil, caterer: Bool? = nil,
        receivers: [BulletinReceiver], copies: [BulletinReceiver] = [], urgency: BulletinUrgency = .normal
    ) {
        self.id = id
        self.name = name
        self.isEnabled = isEnabled
        self.triggers = triggers
        self.severities = severities
        self.origins = origins
        self.schoolTypes = schoolTypes
        self.divisions = divisions
        self.departments = departments
        self.cityDirect = cityDirect
        self.caterer = caterer
        self.receivers = receivers
        self.copies = copies
        self.urgency = urgency
    }

    func matches(_ facts: BulletinCircumstances) -> Bool {
        isEnabled && triggers.contains(facts.trigger)
            && Self.holds(severities, facts.severity) && Self.holds(origins, facts.origin)
            && Self.holds(schoolTypes, facts.schoolType) && Self.holds(divisions, facts.divisionCode)
            && Self.holds(departments, facts.department)
            && (cityDirect.map { $0 == facts.isCityDirect } ?? true)
            && (caterer.map { $0 == facts.isCaterer } ?? true)
    }

    /// Nothing named = any; something named = what is not known does not match.
    private static func holds<Value: Equatable>(_ wanted: [Value], _ actual: Value?) -> Bool {
        guard !wanted.isEmpty else { return true }
        return actual.map { wanted.contains($0) } ?? false
    }
}
