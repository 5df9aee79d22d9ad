import Calendar

/// Lock-out after wrong passwords: the fifth failure locks for a minute, each further one for twice as long, a day at
/// most.
enum LoginLock {
    static let freeAttempts = 5

    /// Until when log-in is refused after `failures` wrong passwords in a row; nil while there are attempts left.
    static func until(failures: Int, now: Instant) -> Instant? {
        guard failures >= freeAttempts else { return nil }
        let doublings = min(failures - freeAttempts, 12)
        return now + min(.seconds(60 << doublings), .seconds(24 * 3600))
    }
}
