import Calendar

/// A school's week grid, read against the clock.
struct WeekSchedule: Hashable, Sendable {
    let windows: [WeeklyWindow]

    /// The window in force at `now`, clipped to the city's limits; nil when nothing is open.
    ///
    /// - Parameter weekday: whose windows count on a day, or nil where none do; by default the day's own.
    ///
    /// Windows of one day that touch or overlap count as one, so that a view is not cut between them.
    func open(
        at now: Instant, within limits: CityLimits, weekday: (LocalDate) -> Int? = { $0.weekday }
    ) -> DateWindow? {
        let day = LocalDate(now)
        return spans(on: day, weekday(day), within: limits).first { $0.contains(now) }
    }

    /// The next window that starts after `now`, looking ten weeks ahead (a summer holiday); nil where nothing
    /// opens until then.
    func next(
        after now: Instant, within limits: CityLimits, weekday: (LocalDate) -> Int? = { $0.weekday }
    ) -> DateWindow? {
        let today = LocalDate(now)
        for offset in 0...70 {
            let day = today.adding(days: offset)
            let spans = spans(on: day, weekday(day), within: limits)
            if let next = spans.first(where: { $0.start > now }) { return next }
        }
        return nil
    }

    /// The day's windows in order, clipped and merged.
    private func spans(on day: LocalDate, _ weekday: Int?, within limits: CityLimits) -> [DateWindow] {
        guard let weekday else { return [] }
        let clipped =
            windows
            .filter { $0.weekday == weekday }
            .map { (from: max($0.from, limits.opens), to: min($0.to, limits.closes)) }
            .filter { $0.from < $0.to }
            .sorted { $0.from < $1.from }
        var merged: [(from: TimeOfDay, to: TimeOfDay)] = []
        for span in clipped {
            if let last = merged.last, span.from <= last.to {
                merged[merged.count - 1].to = max(last.to, span.to)
            } else {
                merged.append(span)
            }
        }
        return merged.map { span in
            DateWindow(
                start: day.start + .seconds(span.from.minutes * 60), end: day.start + .seconds(span.to.minutes * 60))
        }
    }
}
