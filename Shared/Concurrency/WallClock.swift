import Calendar
import Foundation
import Synchronization

/// The clock seam: everything that asks "what time is it in the city" asks one of these.
public protocol WallClock: Sendable {
    func now() -> Instant
}

public struct SystemClock: WallClock {
    public init() {}
    public func now() -> Instant { Instant(Date()) }
}

/// A clock that stands still until told to move; for tests.
public final class FixedClock: WallClock {
    private let value: Mutex<Instant>

    public init(_ instant: Instant) {
        value = Mutex(instant)
    }

    public func now() -> Instant { value.withLock { $0 } }
    public func set(_ instant: Instant) { value.withLock { $0 = instant } }
    public func advance(by duration: Duration) { value.withLock { $0 = $0 + duration } }
}
