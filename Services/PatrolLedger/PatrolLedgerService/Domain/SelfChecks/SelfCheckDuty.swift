import Calendar
import Contracts

/// Is a self-check of this canteen owed for this span?
enum SelfCheckDuty: Hashable, Sendable {
    case due(isProvisional: Bool)
    case exempt(SelfCheckExemption)

    /// A span is owed as soon as one of its days serves meals.
    init(_ span: SelfCheckSpan, operating: Bool, school: SchoolCalendar, _ calendar: WorkingCalendar) {
        guard operating else {
            self = .exempt(.notOperating)
            return
        }
        var isProvisional: Bool?
        var reasons: Set<SelfCheckExemption> = []
        for day in span.days {
            switch school.day(day, calendar) {
            case .serves(let provisional): isProvisional = (isProvisional ?? true) && provisional
            case .closed(let reason): reasons.insert(reason)
            }
        }
        if let isProvisional {
            self = .due(isProvisional: isProvisional)
        } else {
            // Named by the reason that says most.
            let order: [SelfCheckExemption] = [.outsideTerm, .noMealDay, .nonWorkingDay]
            self = .exempt(order.first(where: reasons.contains) ?? .nonWorkingDay)
        }
    }

    /// What becomes of a task whose time has run out without a report.
    static func afterDeadline(isProvisional: Bool, isOffered: Bool) -> SelfCheckExemption? {
        if isOffered { return .registeredInPeriod }
        return isProvisional ? .calendarUnknown : nil
    }
}
