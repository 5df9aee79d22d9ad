import Calendar

/// How long something was watched, from intervals that may overlap (two cameras of a zone, a reopened stream).
enum ViewIntervals {
    /// Whole seconds covered by at least one interval; fractions of the total are cut.
    static func coveredSeconds(_ intervals: [(from: Instant, to: Instant)]) -> Int {
        var total: Int64 = 0
        var coveredTo = Int64.min
        for interval in intervals.sorted(by: { $0.from < $1.from }) {
            let from = max(interval.from.microseconds, coveredTo)
            guard interval.to.microseconds > from else { continue }
            total += interval.to.microseconds - from
            coveredTo = interval.to.microseconds
        }
        return Int(total / 1_000_000)
    }
}
