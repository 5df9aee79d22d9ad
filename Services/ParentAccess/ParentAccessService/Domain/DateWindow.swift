import Calendar

/// A stretch of time on one day: start inclusive, end exclusive.
struct DateWindow: Hashable, Sendable {
    let start: Instant
    let end: Instant

    func contains(_ instant: Instant) -> Bool { instant >= start && instant < end }
}
