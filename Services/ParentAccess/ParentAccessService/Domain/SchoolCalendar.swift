import Calendar
import Contracts

/// On which days a school's week grid counts (校历): terms, days off, and days that follow another weekday's plan.
///
/// From the registry's meal calendar. Without terms every week counts. Public holidays and days without meals close the
/// grid; an extra meal day opens it: a Saturday with Friday's windows, a Sunday with Monday's, a holiday with its own.
struct SchoolCalendar: Hashable, Sendable {
    /// What the school said about one day.
    enum Exception: Hashable, Sendable {
        case closed
        /// The windows of this weekday (1 = Monday) apply.
        case follows(weekday: Int)
    }

    var terms: [SchoolTerm] = []
    var exceptions: [LocalDate: Exception] = [:]

    static let none = SchoolCalendar()

    /// Whose windows an extra meal day has.
    static func followed(by day: LocalDate) -> Int {
        switch day.weekday {
        case 6: 5
        case 7: 1
        default: day.weekday
        }
    }

    /// The weekday whose windows apply on `day`; nil when nothing is open.
    ///
    /// - Parameter holidays: the State Council's notices. A year without a notice has no known holidays: there the
    ///   school's own calendar decides alone.
    func weekday(on day: LocalDate, holidays: WorkingCalendar?) -> Int? {
        switch exceptions[day] {
        case .closed: return nil
        case .follows(let weekday): return weekday
        case nil: break
        }
        guard terms.isEmpty || terms.contains(where: { day >= $0.startsOn && day <= $0.endsOn }) else { return nil }
        return Self.isHoliday(day, holidays) ? nil : day.weekday
    }

    private static func isHoliday(_ day: LocalDate, _ holidays: WorkingCalendar?) -> Bool {
        guard day.weekday <= 5, let holidays else { return false }
        do {
            return try !holidays.isWorkingDay(day)
        } catch {
            return false
        }
    }
}
