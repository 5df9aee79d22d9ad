import Calendar
import Contracts

/// What the clock needs to know of a canteen.
struct SelfCheckCanteen: Hashable, Sendable {
    var canteenId: CanteenID
    var schoolId: SchoolID
    var operating: Bool
    var registeredAt: Instant
}

/// A self-check that may still change by the clock.
struct UndecidedSelfCheck: Hashable, Sendable {
    var span: SelfCheckSpan
    var state: SelfCheckState
    var exemption: SelfCheckExemption?
    var dueBy: Instant
    var isProvisional: Bool
    var isOffered: Bool
}

/// One thing the clock does to one self-check.
enum SelfCheckMove: Hashable, Sendable {
    case generate(SelfCheckSpan, SelfCheckDuty, dueBy: Instant, isOffered: Bool)
    /// The school calendar changed: not owed any more.
    case exempt(UndecidedSelfCheck, SelfCheckExemption)
    /// The school calendar changed: owed after all.
    case due(UndecidedSelfCheck, isProvisional: Bool)
    case miss(UndecidedSelfCheck)

    /// What the others are told; a self-check that was exempt from the start is no news.
    func event(_ canteen: SelfCheckCanteen) -> (any Event)? {
        func due(_ span: SelfCheckSpan, _ dueBy: Instant, _ isProvisional: Bool) -> SelfCheckDue {
            SelfCheckDue(
                canteenId: canteen.canteenId, schoolId: canteen.schoolId, period: span.period, firstDay: span.firstDay,
                lastDay: span.lastDay, dueBy: dueBy, provisional: isProvisional)
        }
        switch self {
        case .generate(let span, .due(let isProvisional), let dueBy, _): return due(span, dueBy, isProvisional)
        case .generate: return nil
        case .due(let check, let isProvisional): return due(check.span, check.dueBy, isProvisional)
        case .exempt(let check, let reason):
            return SelfCheckExempt(
                canteenId: canteen.canteenId, schoolId: canteen.schoolId, period: check.span.period,
                firstDay: check.span.firstDay, lastDay: check.span.lastDay, reason: reason.rawValue)
        case .miss(let check):
            return SelfCheckMissed(
                canteenId: canteen.canteenId, schoolId: canteen.schoolId, period: check.span.period,
                firstDay: check.span.firstDay, lastDay: check.span.lastDay, dueBy: check.dueBy)
        }
    }
}

/// One canteen's self-checks at one moment: pure, says what is to be done.
struct CanteenWatch: Sendable {
    var canteen: SelfCheckCanteen
    var school: SchoolCalendar
    /// When self-checks began in this installation.
    var startedAt: Instant
    /// Latest generated first day of each rhythm.
    var latest: [SelfCheckPeriod: LocalDate]
    /// Open ones, and exempt ones whose period still runs.
    var undecided: [UndecidedSelfCheck]

    func moves(now: Instant, calendar: WorkingCalendar, rules: SelfCheckRules) -> [SelfCheckMove] {
        generated(now, calendar, rules) + undecided.compactMap { decided($0, now, calendar) }
    }

    private func generated(_ now: Instant, _ calendar: WorkingCalendar, _ rules: SelfCheckRules) -> [SelfCheckMove] {
        let begin = max(startedAt, canteen.registeredAt)
        let today = LocalDate(now)
        var moves: [SelfCheckMove] = []
        for period in SelfCheckPeriod.allCases {
            var span: SelfCheckSpan
            if let day = latest[period] {
                span = SelfCheckSpan(period, containing: day).next
            } else {
                span = SelfCheckSpan(period, containing: LocalDate(begin))
            }
            while span.firstDay <= today {
                moves.append(
                    .generate(
                        span, SelfCheckDuty(span, operating: canteen.operating, school: school, calendar),
                        dueBy: span.dueBy(generatedAt: now, graceHours: rules.graceHours),
                        isOffered: span.firstDay.start < begin))
                span = span.next
            }
        }
        return moves
    }

    private func decided(
        _ check: UndecidedSelfCheck, _ now: Instant, _ calendar: WorkingCalendar
    ) -> SelfCheckMove? {
        let duty = SelfCheckDuty(check.span, operating: canteen.operating, school: school, calendar)
        if check.state.isOpen {
            switch duty {
            case .exempt(let reason): return .exempt(check, reason)
            case .due(let isProvisional):
                guard now > check.dueBy else { return nil }
                let exemption = SelfCheckDuty.afterDeadline(isProvisional: isProvisional, isOffered: check.isOffered)
                return exemption.map { .exempt(check, $0) } ?? .miss(check)
            }
        }
        if case .due(let isProvisional) = duty, check.state == .exempt, now <= check.dueBy {
            return .due(check, isProvisional: isProvisional)
        }
        return nil
    }
}
