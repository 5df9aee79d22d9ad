import Contracts

/// The routing table of automatic bulletins and the terms of all of them: data with a version, changed by two persons.
/// The first enabled rule that matches counts; where none does, no bulletin is written.
struct BulletinRuleSet: Codable, Hashable, Sendable {
    var terms: BulletinTerms
    var rules: [BulletinRule]

    func rule(for facts: BulletinCircumstances) -> BulletinRule? {
        rules.first { $0.matches(facts) }
    }

    /// Version 1, in force until the city decides otherwise (art 4, 5, 10, 13; domain §8 no. 24).
    static let standard = BulletinRuleSet(
        terms: .standard,
        rules: [
            BulletinRule(
                id: "caterer-serious", name: "供餐单位严重问题", triggers: [.problemFound, .repeatedProblem],
                severities: [1], caterer: true, receivers: [.city], copies: [.county, .station],
                urgency: .mostUrgent),
            BulletinRule(
                id: "caterer", name: "供餐单位问题报市局", triggers: BulletinTrigger.allCases, caterer: true,
                receivers: [.city], copies: [.county]),
            BulletinRule(
                id: "caterer-check", name: "学校检查供餐单位发现的问题", triggers: [.problemFound, .repeatedProblem],
                origins: [.catererCheck], receivers: [.city], copies: [.county]),
            BulletinRule(
                id: "serious", name: "严重问题快速通报", triggers: [.problemFound, .repeatedProblem], severities: [1],
                receivers: [.supervising], copies: [.city], urgency: .mostUrgent),
            BulletinRule(
                id: "pressing", name: "逾期未整改、重复发生", triggers: [.problemOverdue, .repeatedProblem],
                receivers: [.supervising], urgency: .urgent),
            BulletinRule(
                id: "standard", name: "发现问题、未按期接入", triggers: [.problemFound, .notConnected],
                receivers: [.supervising]),
        ])
}
