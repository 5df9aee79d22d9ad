import Calendar
import Contracts

/// What a proposal changes in the rule set; what it does not name stays.
struct RuleChange: Codable, Hashable, Sendable {
    /// A Monday: a week is judged by one version.
    var effectiveFrom: LocalDate
    var quotas: RuleSet.Quotas
    var minimumViewSeconds: Int
    /// Working days to rectify, for class 2 and class 3.
    var rectifyClass2: Int
    var rectifyClass3: Int
    var longestExtensionWorkingDays: Int
    var yellowAfterDays: Int
    /// Why (规则解释); screened.
    var interpretation: String

    /// The rule set after the change; throws when the notice does not allow it.
    func applied(to rules: RuleSet, version: Int, today: LocalDate) throws(Refusal) -> RuleSet {
        guard effectiveFrom.weekday == 1, effectiveFrom > today else {
            throw .input(
                "not_a_coming_monday", field: "effective_from", zh: "生效日期须为今天之后的星期一",
                en: "It takes effect on a Monday after today")
        }
        guard (8...50).contains(quotas.city), (5...50).contains(quotas.county), (2...50).contains(quotas.station)
        else {
            throw .input(
                "below_notice", field: "quotas", zh: "每次巡查间数不得低于制度规定的 8、5、2 间（第七条），且不超过 50 间",
                en: "Not below the 8, 5 and 2 of the notice (art 7), and at most 50")
        }
        try check(minimumViewSeconds, 10...3600, "minimum_view_seconds")
        try check(rectifyClass2, 1...30, "rectify_class2")
        try check(rectifyClass3, 1...60, "rectify_class3")
        try check(longestExtensionWorkingDays, 1...60, "longest_extension_working_days")
        try check(yellowAfterDays, 1...60, "yellow_after_days")
        var changed = rules
        let base = rules.id.split(separator: ".v").first.map(String.init) ?? rules.id
        changed.id = "\(base).v\(version)"
        changed.version = version
        changed.effectiveFrom = effectiveFrom
        changed.source = interpretation
        changed.quotas = quotas
        changed.minimumViewSeconds = minimumViewSeconds
        changed.longestExtensionWorkingDays = longestExtensionWorkingDays
        changed.yellowAfterDays = yellowAfterDays
        for (number, days) in [(2, rectifyClass2), (3, rectifyClass3)] {
            guard let index = changed.problemClasses.firstIndex(where: { $0.class == number }) else { continue }
            changed.problemClasses[index].rectify.workingDays = days
        }
        return changed
    }

    private func check(_ value: Int, _ range: ClosedRange<Int>, _ field: String) throws(Refusal) {
        guard range.contains(value) else {
            throw .input(
                "not_in_range", field: field, zh: "请填写 \(range.lowerBound) 到 \(range.upperBound) 之间的整数",
                en: "A whole number from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
