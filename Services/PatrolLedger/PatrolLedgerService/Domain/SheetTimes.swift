import Calendar

/// When a checklist was filled in, and when it came in.
struct SheetTimes: Hashable, Sendable {
    /// Later than this after it was filled in, an entry is late (补录): more than autosave and its repetition need.
    static let lateAfter: Duration = .seconds(120)

    /// By the device; nil where it did not tell.
    var enteredAt: Instant?
    var receivedAt: Instant

    var isLate: Bool { enteredAt.map { receivedAt - $0 > Self.lateAfter } ?? false }
}
