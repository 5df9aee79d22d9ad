import Calendar

/// What is to be written down for a week of an organ once it is over. Written once; `missed` stays for ever.
enum WeekClosing: Hashable, Sendable {
    case exempt(WeekObligation.Exemption)
    case missed
    /// Nothing may be decided yet, or ever: the reason says which.
    case nothing(Reason)

    enum Reason: Hashable, Sendable {
        /// The week has not ended.
        case running
        /// A patrol that began in the week is still open (it cannot be longer than the rule set allows).
        case patrolOpen
        /// The holiday notice of the year is not published.
        case provisional
        /// The rule set was not in force, or the organ was not registered when the week began.
        case notObliged
    }

    /// - Parameter registeredAt: when the organ was registered; a week that was running then cannot be missed.
    /// - Parameter openPatrolStarts: starts of patrols of that week that are still in progress.
    static func decide(
        _ obligation: WeekObligation, registeredAt: Instant, openPatrolStarts: [Instant], rules: RuleSet, now: Instant
    ) -> WeekClosing {
        guard now >= obligation.week.end else { return .nothing(.running) }
        guard obligation.week.monday >= rules.effectiveFrom, obligation.week.start >= registeredAt else {
            return .nothing(.notObliged)
        }
        let longest = Duration.seconds(rules.longestPatrolHours * 3600)
        guard !openPatrolStarts.contains(where: { now < $0 + longest }) else { return .nothing(.patrolOpen) }
        guard !obligation.isProvisional else { return .nothing(.provisional) }
        if let exemption = obligation.exemption { return .exempt(exemption) }
        return .missed
    }
}
