/// Exponential back-off with full jitter: the n-th delay is drawn from 0 … min(maximum, base · 2ⁿ).
public struct Backoff: Sendable {
    public let base: Duration
    public let maximum: Duration
    private var attempt = 0

    public init(base: Duration = .milliseconds(50), maximum: Duration = .seconds(5)) {
        self.base = base
        self.maximum = maximum
    }

    public mutating func next() -> Duration {
        next(random: Double.random(in: 0...1))
    }

    mutating func next(random: Double) -> Duration {
        let ceiling = min(maximum, base * (1 << min(attempt, 20)))
        attempt += 1
        return ceiling * random
    }

    public mutating func reset() { attempt = 0 }
}
