import Calendar

/// When a delivery is tried again: the schedule of the Standard Webhooks ecosystem, 27 h 35 min 5 s in all, each delay
/// lengthened by up to a fifth at random so that receivers that come back are not hit by everybody at once.
enum RetrySchedule {
    /// After the first, second, … attempt.
    static let delays: [Duration] = [
        .seconds(5), .seconds(5 * 60), .seconds(30 * 60), .seconds(2 * 3600), .seconds(5 * 3600), .seconds(10 * 3600),
        .seconds(10 * 3600),
    ]
    static let jitter = 0.2
    /// A receiver may ask for patience, but not for more than this at a time.
    static let longestRetryAfter = Duration.seconds(24 * 3600)

    /// nil when the attempt numbered `step` (1 = first) was the last one.
    /// - Parameter random: 0 … 1.
    static func delay(afterStep step: Int, retryAfter: Duration?, random: Double) -> Duration? {
        guard step >= 1, step <= delays.count else { return nil }
        let scheduled = delays[step - 1] * (1 + jitter * min(max(random, 0), 1))
        guard let retryAfter else { return scheduled }
        return max(scheduled, min(retryAfter, longestRetryAfter))
    }

    /// Answers that say "not so fast": Standard Webhooks asks senders to slow down on these.
    static let overloaded: Set<Int> = [429, 502, 503, 504]

    /// How long the whole endpoint is left alone after such an answer; nil after any other.
    static func slowDown(_ outcome: DeliveryVerdict.Outcome) -> Duration? {
        guard case .response(let status, let retryAfter) = outcome, overloaded.contains(status) else { return nil }
        return min(max(retryAfter ?? delays[0], delays[0]), longestRetryAfter)
    }
}
