import Calendar

/// When a message to a person goes out: at once when it is urgent; otherwise after a short wait in which others join
/// it (grouping), not too soon after the last one about the same matter (cool-down), and not at night.
struct MessageTiming: Hashable, Sendable {
    var grouping = Duration.seconds(120)
    var coolDown = Duration.seconds(30 * 60)
    var quietHours = QuietHours("22:00-07:00")
    /// After this a message is of no use any more.
    var expiry = Duration.seconds(48 * 3600)

    func due(now: Instant, isUrgent: Bool, lastAboutTheMatter last: Instant?) -> Instant {
        if isUrgent { return now }
        var due = now + grouping
        if let last { due = max(due, last + coolDown) }
        return quietHours?.end(from: due) ?? due
    }

    /// Waits after the first, second, … failed attempt; greylisting servers ask for some minutes.
    static let retries: [Duration] = [
        .seconds(60), .seconds(5 * 60), .seconds(15 * 60), .seconds(30 * 60), .seconds(3600), .seconds(2 * 3600),
    ]

    /// - Parameter random: 0 … 1, for the jitter.
    static func retry(afterAttempt attempt: Int, random: Double) -> Duration {
        retries[min(max(attempt, 1), retries.count) - 1] * (1 + 0.2 * min(max(random, 0), 1))
    }
}
