/// So many requests at once, then so many a second.
public struct RequestRate: Hashable, Sendable {
    public let perSecond: Int
    public let burst: Int

    public init(perSecond: Int, burst: Int) {
        self.perSecond = perSecond
        self.burst = burst
    }

    var interval: Duration { .seconds(1) / perSecond }
}
