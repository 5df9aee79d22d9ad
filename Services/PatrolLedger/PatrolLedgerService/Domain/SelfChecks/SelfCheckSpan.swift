import Calendar
import Contracts

/// The days of one self-check: a day, a week (Monday to Sunday) or a calendar month, in the city's time.
struct SelfCheckSpan: Hashable, Comparable, Sendable {
    let period: SelfCheckPeriod
    let firstDay: LocalDate
    let lastDay: LocalDate

    init(_ period: SelfCheckPeriod, containing day: LocalDate) {
        self.period = period
        switch period {
        case .daily:
            firstDay = day
            lastDay = day
        case .weekly:
            firstDay = Week(containing: day).monday
            lastDay = Week(containing: day).sunday
        case .monthly:
            firstDay = day.adding(days: 1 - day.day)
            let nextMonth = firstDay.adding(days: 31)
            lastDay = nextMonth.adding(days: -nextMonth.day)
        }
    }

    /// nil for a day that begins no such period (a Tuesday for a week).
    init?(_ period: SelfCheckPeriod, beginning day: LocalDate) {
        self.init(period, containing: day)
        guard firstDay == day else { return nil }
    }

    var next: SelfCheckSpan { SelfCheckSpan(period, containing: lastDay.adding(days: 1)) }
    var days: [LocalDate] {
        (0...(lastDay.daysSinceEpoch - firstDay.daysSinceEpoch)).map { firstDay.adding(days: $0) }
    }

    /// The first instant that is not part of it.
    var end: Instant { lastDay.adding(days: 1).start }

    /// 24:00 of the last day (inclusive, hence a microsecond before); later for a task that could only be made late.
    func dueBy(generatedAt: Instant, graceHours: Int) -> Instant {
        let regular = end - .microseconds(1)
        return generatedAt < end ? regular : generatedAt + .seconds(graceHours * 3600)
    }

    static func < (left: SelfCheckSpan, right: SelfCheckSpan) -> Bool {
        (left.firstDay, left.lastDay) < (right.firstDay, right.lastDay)
    }
}
