import Synchronization

/// Counts requests per account and per address (generic cell rate algorithm): a burst at once, then a steady rate.
///
/// In memory of this process; a service with several replicas lets each of them have the rate.
final class RequestLimiter: Sendable {
    struct Verdict: Sendable {
        let isAllowed: Bool
        /// Requests that may still come at once.
        let remaining: Int
        /// Until the next one is allowed (refused), or until the whole burst is there again (allowed).
        let wait: Duration
    }

    /// Beyond this many keys, those that owe nothing are forgotten; then the ones that owe least.
    private static let capacity = 100_000

    let rate: RequestRate
    private let due: Mutex<[String: ContinuousClock.Instant]>

    init(_ rate: RequestRate) {
        self.rate = rate
        due = Mutex([:])
    }

    func take(_ key: String, now: ContinuousClock.Instant = .now) -> Verdict {
        due.withLock { due in
            let debt = max((due[key] ?? now) - now, .zero)
            let room = rate.interval * (rate.burst - 1)
            guard debt <= room else {
                return Verdict(isAllowed: false, remaining: 0, wait: debt - room)
            }
            if due.count >= Self.capacity, due[key] == nil { Self.shrink(&due, now) }
            let next = debt + rate.interval
            due[key] = now + next
            let remaining = Int((rate.interval * rate.burst - next) / rate.interval)
            return Verdict(isAllowed: true, remaining: max(0, remaining), wait: next)
        }
    }

    private static func shrink(_ due: inout [String: ContinuousClock.Instant], _ now: ContinuousClock.Instant) {
        due = due.filter { $0.value > now }
        guard due.count >= capacity else { return }
        for (key, _) in due.sorted(by: { $0.value < $1.value }).prefix(capacity / 10) { due[key] = nil }
    }
}
