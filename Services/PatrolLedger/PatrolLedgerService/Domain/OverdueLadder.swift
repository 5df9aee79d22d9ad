import Calendar

/// 逾期阶梯: what an overdue problem of class 1 leads to. Pure.
enum OverdueLadder {
    enum Step: Hashable, Sendable {
        case nothing
        case yellow
        /// A second yellow within the period of the rules: red comes with it.
        case yellowAndRed
    }

    /// - Parameter earlierYellows: when the canteen got its other yellow warnings.
    static func step(
        severity: Int, rectifyBy: Instant, earlierYellows: [Instant], now: Instant, rules: RuleSet
    ) -> Step {
        guard severity == 1, now - rectifyBy > .seconds(rules.yellowAfterDays * 86_400) else { return .nothing }
        let since = now - .seconds(rules.redWithinDays * 86_400)
        return earlierYellows.contains { $0 >= since && $0 <= now } ? .yellowAndRed : .yellow
    }
}
