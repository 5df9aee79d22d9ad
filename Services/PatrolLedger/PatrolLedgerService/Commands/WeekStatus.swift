import Calendar
import Contracts
import Postgres

/// Where an organ stands in a week.
struct WeekStatus: Codable, Hashable, Sendable {
    enum State: String, Codable, Hashable, Sendable {
        case open, satisfied, exempt, missed
    }

    var week: String
    var firstDay: LocalDate
    var lastDay: LocalDate
    var state: State
    /// Why nothing is due: no_working_day or no_operating_canteen.
    var exemption: String?
    /// Rests on a year without a published holiday notice.
    var provisional: Bool
    var quota: Int
    var operating: Int
    /// Distinct canteens that one patrol must visit.
    var required: Int
    /// Sufficient patrols so far: 0 or 1.
    var patrolsDone: Int
    var patrolId: PatrolID?
    /// Days of the week that are left, today included.
    var daysLeft: Int
    var ruleSet: String
}

extension PatrolDesk {
    func weekStatus(of organ: OrganRecord, _ executor: some PostgresExecutor) async throws -> WeekStatus {
        let now = clock.now()
        let week = Week(containing: now)
        try await book.refresh(executor)
        let rules = book.rules(on: week.monday)
        let obligation = WeekObligation(
            week: week, level: organ.level, operating: try await executor.operatingCanteens(in: organ), rules: rules,
            calendar: calendar)
        let decided = try await executor.week(week, of: organ.organId)
        let state: WeekStatus.State =
            switch decided?.status {
            case .satisfied: .satisfied
            case .exempt: .exempt
            case .missed: .missed
            case nil: obligation.exemption == nil ? .open : .exempt
            }
        return WeekStatus(
            week: week.isoLabel, firstDay: week.monday, lastDay: week.sunday, state: state,
            exemption: obligation.exemption?.rawValue, provisional: obligation.isProvisional, quota: obligation.quota,
            operating: obligation.operating, required: obligation.required,
            patrolsDone: decided?.status == .satisfied ? 1 : 0, patrolId: decided?.patrolId,
            daysLeft: 7 - (LocalDate(now).daysSinceEpoch - week.monday.daysSinceEpoch), ruleSet: rules.id)
    }
}
