import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Writes down, once per organ and week, what became of the weekly task after the week has ended.
/// Idempotent, and safe to run in several processes: the row's key decides.
struct WeekCloser: Service {
    let pool: PostgresPool
    let clock: any WallClock
    let book: RuleBook
    let calendar: WorkingCalendar
    let logger: Logger
    var interval: Duration = .seconds(60)

    func run() async throws {
        try await RepeatedWork("weeks decided", every: interval, logger: logger) { try await closeWeeks() }.run()
    }

    /// Decides every week that is over and not yet decided; returns how many were.
    func closeWeeks() async throws -> Int {
        let now = clock.now()
        try await book.refresh(pool)
        var decided = 0
        for organ in try await pool.patrollingOrgans() {
            for week in try await undecidedWeeks(of: organ, now: now) {
                if try await close(week, of: organ, now: now) { decided += 1 }
            }
        }
        return decided
    }

    /// Ended weeks since the organ is registered (and the rules are in force) without a decision, oldest first.
    private func undecidedWeeks(of organ: OrganRecord, now: Instant) async throws -> [Week] {
        let registered = Week(containing: organ.registeredAt)
        var week = max(
            registered.start >= organ.registeredAt ? registered : registered.next,
            Week(containing: book.earliest.effectiveFrom))
        let known = Set(
            try await pool.query("SELECT week FROM week_result WHERE organ_id = \(organ.organId)") {
                try $0["week"] as String
            })
        var weeks: [Week] = []
        while week.end <= now {
            if !known.contains(week.isoLabel) { weeks.append(week) }
            week = week.next
        }
        return weeks
    }

    private func close(_ week: Week, of organ: OrganRecord, now: Instant) async throws -> Bool {
        // A week is judged by the version that was in force on its Monday.
        let rules = book.rules(on: week.monday)
        return try await pool.transaction { transaction in
            let obligation = WeekObligation(
                week: week, level: organ.level, operating: try await transaction.operatingCanteens(in: organ),
                rules: rules, calendar: calendar)
            let starts = try await transaction.openPatrolStarts(of: organ.organId, week: week)
            let closing = WeekClosing.decide(
                obligation, registeredAt: organ.registeredAt, openPatrolStarts: starts, rules: rules, now: now)
            let context = EventContext(actor: .system("patrol-ledger"), correlationId: UUIDv7.string())
            let label = week.isoLabel
            switch closing {
            case .nothing:
                return false
            case .exempt(let exemption):
                guard
                    try await transaction.decide(
                        obligation, organ: organ.organId, status: .exempt, reason: exemption.rawValue,
                        calendarVersion: calendar.version, at: now)
                else { return false }
                let event = WeekExempt(
                    organId: organ.organId, week: label, reason: exemption.rawValue, ruleSet: obligation.ruleSet)
                try await transaction.publish(event, context, occurredAt: now)
            case .missed:
                guard
                    try await transaction.decide(
                        obligation, organ: organ.organId, status: .missed, calendarVersion: calendar.version, at: now)
                else { return false }
                let event = WeekMissed(
                    organId: organ.organId, week: label, required: obligation.required, ruleSet: obligation.ruleSet)
                try await transaction.publish(event, context, occurredAt: now)
            }
            return true
        }
    }
}
