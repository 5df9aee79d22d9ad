/// Working days of the city: Monday to Friday, changed by the yearly holiday notices (design card §3).
///
/// A year without a notice is *unknown*: questions about it throw, deadlines that reach into it are flagged provisional.
public struct WorkingCalendar: Sendable {
    /// Names the notices this calendar was made of, e.g. `2025,2026`; stored with every computed deadline.
    public let version: String
    public let publishedYears: Set<Int>
    private let adjustments: [LocalDate: HolidayNotice.Day]

    /// Later notices win over earlier ones where both name a day. Throws `CalendarFault` for a faulty notice.
    public init(notices: [HolidayNotice]) throws {
        var adjustments: [LocalDate: HolidayNotice.Day] = [:]
        for notice in notices.sorted(by: { $0.year < $1.year }) {
            try notice.validate()
            for day in notice.days { adjustments[day.date] = day }
        }
        self.adjustments = adjustments
        publishedYears = Set(notices.map(\.year))
        version = publishedYears.sorted().map(String.init).joined(separator: ",")
    }

    /// Throws `CalendarFault.notPublished` for a year whose notice is not known. Never assumes.
    public func isWorkingDay(_ date: LocalDate) throws -> Bool {
        // A December day may be changed by the next year's notice; without that notice the day's own year decides.
        guard publishedYears.contains(date.year) else { throw CalendarFault.notPublished(year: date.year) }
        return assumedWorkingDay(date)
    }

    /// The name of the holiday or make-up day, where a notice names the day.
    public func name(of date: LocalDate) -> String? { adjustments[date]?.name }

    /// The deadline "n working days": the start day is not counted (民法典 201), the deadline day is inclusive.
    ///
    /// The answer explains itself through `skipped`. Throws `CalendarFault.countNotPositive` for n < 1.
    public func deadline(from start: LocalDate, workingDays count: Int) throws -> WorkingDayDeadline {
        guard count > 0 else { throw CalendarFault.countNotPositive(count) }
        var date = start
        var skipped: [WorkingDayDeadline.SkippedDay] = []
        var unpublished: Set<Int> = []
        var reached: [LocalDate] = []
        while reached.count < count {
            date = date.adding(days: 1)
            if !publishedYears.contains(date.year) { unpublished.insert(date.year) }
            if assumedWorkingDay(date) {
                reached.append(date)
            } else {
                skipped.append(.init(date: date, reason: adjustments[date]?.name))
            }
        }
        return WorkingDayDeadline(
            start: start, workingDays: reached, skipped: skipped, calendarVersion: version,
            unpublishedYears: unpublished.sorted())
    }

    /// The weekday rule with the known adjustments; for a year without a notice it is only a guess.
    private func assumedWorkingDay(_ date: LocalDate) -> Bool {
        if let day = adjustments[date] { return !day.isOffDay }
        return date.weekday <= 5
    }
}
