import Calendar

/// The stretch of a recording that a member of staff asked to see: within one day.
struct RecordedSpan: Hashable, Sendable {
    /// An hour is a lunch from preparation to washing up.
    static let longest: Duration = .seconds(3600)

    let from: Instant
    /// Exclusive.
    let to: Instant

    var day: LocalDate { LocalDate(from) }

    /// A file that begins at this second of the day: does any of it lie in the span?
    func contains(fileAt second: Int) -> Bool {
        let start = day.start + .seconds(second)
        return start + .seconds(RecordingFolder.longestFile) > from && start < to
    }
}
