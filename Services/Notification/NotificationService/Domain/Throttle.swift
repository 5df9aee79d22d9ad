import Calendar

/// The token bucket of one endpoint: so many messages a minute, spread evenly, so that a receiver that asked for 60 a
/// minute never gets 60 at once.
struct Throttle: Hashable, Sendable {
    /// Values an owner may choose.
    static let range = 1...60_000

    let perMinute: Int
    private(set) var tokens: Double
    private(set) var at: Instant

    /// One second's worth may go out at once, one message at least.
    var capacity: Double { max(1, Double(perMinute) / 60) }

    init(perMinute: Int, tokens: Double, at: Instant) {
        self.perMinute = perMinute
        self.tokens = tokens
        self.at = at
    }

    /// Messages that may go out now. A clock that went back gives nothing.
    mutating func refill(now: Instant) -> Int {
        let elapsed = max(0, Double((now - at).microseconds) / 1_000_000)
        tokens = min(capacity, tokens + elapsed * Double(perMinute) / 60)
        at = max(at, now)
        return Int(tokens)
    }

    mutating func take(_ count: Int) {
        tokens -= Double(count)
    }
}
