import Calendar
import Contracts

/// 每周巡查任务 of one organ in one week (art 7): at least one patrol of at least `required` distinct canteens.
///
/// Two patrols of four canteens do not satisfy eight: the quota is per patrol.
struct WeekObligation: Hashable, Sendable {
    enum Exemption: String, Hashable, Sendable {
        case noWorkingDay = "no_working_day"
        case noOperatingCanteen = "no_operating_canteen"
    }

    let week: Week
    let level: OrganLevel
    /// 8, 5 or 2 of the notice.
    let quota: Int
    /// Operating canteens in the organ's area; caterers do not count.
    let operating: Int
    let exemption: Exemption?
    /// True where the answer rests on a year whose holiday notice is not published: nothing final may follow from it.
    let isProvisional: Bool
    let ruleSet: String

    /// Effective minimum of one patrol: an organ with fewer operating canteens than its quota visits all of them.
    var required: Int { min(quota, operating) }

    init(week: Week, level: OrganLevel, operating: Int, rules: RuleSet, calendar: WorkingCalendar) {
        self.week = week
        self.level = level
        self.operating = operating
        quota = rules.quota(level)
        ruleSet = rules.id
        var isWorkingWeek = false
        var unknownDays: [LocalDate] = []
        for day in week.days {
            do {
                if try calendar.isWorkingDay(day) { isWorkingWeek = true }
            } catch {
                // The year is not published: the weekday rule stands in, and the answer says so.
                unknownDays.append(day)
            }
        }
        let assumed = unknownDays.contains { $0.weekday <= 5 }
        isProvisional = !isWorkingWeek && !unknownDays.isEmpty
        if operating == 0 {
            exemption = .noOperatingCanteen
        } else if !isWorkingWeek && !assumed {
            exemption = .noWorkingDay
        } else {
            exemption = nil
        }
    }

    /// True when a patrol of so many distinct canteens does the week's task.
    func isSatisfied(by distinctCanteens: Int) -> Bool {
        required > 0 && distinctCanteens >= required
    }
}
