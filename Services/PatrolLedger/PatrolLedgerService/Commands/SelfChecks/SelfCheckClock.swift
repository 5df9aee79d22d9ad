import Calendar
import Contracts
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Generates the self-checks that have begun, follows changes of the school calendar, and writes down what was missed.
/// Idempotent, and safe to run in several processes: each row's key and state decide.
struct SelfCheckClock: Service {
    let desk: PatrolDesk
    let logger: Logger
    var interval: Duration = .seconds(60)

    func run() async throws {
        try await RepeatedWork("self-checks moved", every: interval, logger: logger) { try await pass() }.run()
    }

    /// Returns how many self-checks were generated or changed their state by the clock.
    func pass() async throws -> Int {
        let now = desk.clock.now()
        try await desk.pool.execute(
            "INSERT INTO self_check_start (started_at) VALUES (\(now)) ON CONFLICT DO NOTHING")
        let started =
            try await desk.pool.first("SELECT started_at FROM self_check_start") {
                try $0["started_at"] as Instant
            } ?? now
        let known = try await desk.pool.schoolCalendars()
        let latest = try await desk.pool.latestSelfChecks()
        let undecided = try await desk.pool.undecidedSelfChecks(today: LocalDate(now))
        var count = 0
        for canteen in try await desk.pool.selfCheckCanteens() {
            let watch = CanteenWatch(
                canteen: canteen, school: known[canteen.canteenId] ?? SchoolCalendar(), startedAt: started,
                latest: latest[canteen.canteenId] ?? [:], undecided: undecided[canteen.canteenId] ?? [])
            let moves = watch.moves(now: now, calendar: desk.calendar, rules: desk.selfCheckRules)
            if moves.isEmpty { continue }
            count += try await carryOut(moves, canteen, now)
        }
        return count
    }

    private func carryOut(
        _ moves: [SelfCheckMove], _ canteen: SelfCheckCanteen, _ now: Instant
    ) async throws -> Int {
        try await desk.pool.transaction { transaction in
            var events: [any Event] = []
            var count = 0
            for move in moves {
                let isDone = try await transaction.carryOut(move, canteen, now)
                guard isDone else { continue }
                count += 1
                if let event = move.event(canteen) { events.append(event) }
            }
            let context = EventContext(actor: .system("patrol-ledger"), correlationId: UUIDv7.string())
            try await transaction.publish(events, context, occurredAt: now)
            return count
        }
    }
}
