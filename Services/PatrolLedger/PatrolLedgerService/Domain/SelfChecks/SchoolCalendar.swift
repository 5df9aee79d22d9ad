import Calendar
import Contracts

/// When a canteen serves meals: terms, days without meals and extra days as the registry told them.
struct SchoolCalendar: Hashable, Sendable {
    /// Empty = not known, never "no term".
    var terms: [SchoolTerm] = []
    var noMealDays: Set<LocalDate> = []
    var extraMealDays: Set<LocalDate> = []

    enum Day: Hashable, Sendable {
        /// - Parameter isProvisional: the terms or the year's holiday notice are not known; the weekday rule stands in.
        case serves(isProvisional: Bool)
        case closed(SelfCheckExemption)
    }

    func day(_ date: LocalDate, _ calendar: WorkingCalendar) -> Day {
        if extraMealDays.contains(date) { return .serves(isProvisional: false) }
        if noMealDays.contains(date) { return .closed(.noMealDay) }
        let isInTerm = terms.contains { $0.startsOn <= date && date <= $0.endsOn }
        if !terms.isEmpty && !isInTerm { return .closed(.outsideTerm) }
        do {
            guard try calendar.isWorkingDay(date) else { return .closed(.nonWorkingDay) }
            return .serves(isProvisional: terms.isEmpty)
        } catch {
            // The year's notice is not published: the weekday is all that is known.
            return date.weekday <= 5 ? .serves(isProvisional: true) : .closed(.nonWorkingDay)
        }
    }
}
