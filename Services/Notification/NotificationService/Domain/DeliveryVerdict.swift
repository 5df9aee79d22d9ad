import Calendar

/// What follows from one attempt to deliver a webhook.
enum DeliveryVerdict: Hashable, Sendable {
    case delivered
    case retry(after: Duration)
    /// The schedule is used up, or the receiver is gone: the endpoint is paused, the message kept.
    case pause(PauseReason)
    /// A test event is tried once.
    case testFailed

    enum Outcome: Hashable, Sendable {
        case response(status: Int, retryAfter: Duration?)
        /// A `DeliveryError` code.
        case error(String)
    }

    /// - Parameters:
    ///   - step: 1 for the first attempt since the delivery was queued.
    ///   - random: 0 … 1, for the jitter.
    static func decide(_ outcome: Outcome, step: Int, isTest: Bool, random: Double) -> DeliveryVerdict {
        var retryAfter: Duration?
        if case .response(let status, let patience) = outcome {
            if (200..<300).contains(status) { return .delivered }
            if isTest { return .testFailed }
            if status == 410 { return .pause(.gone) }
            retryAfter = patience
        }
        if isTest { return .testFailed }
        guard let delay = RetrySchedule.delay(afterStep: step, retryAfter: retryAfter, random: random) else {
            return .pause(.failing)
        }
        return .retry(after: delay)
    }
}
