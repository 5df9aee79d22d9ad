import Calendar
import Concurrency
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// What only time does: licences run out or begin at midnight, sessions and counts of failed sign-ins grow old.
/// Looks once a minute, so that a canteen stops counting within a minute of the day's beginning; finding nothing costs
/// one indexed query.
struct DailySweep: Service {
    static let interval: Duration = .seconds(60)
    static let batchSize = 200

    let pool: PostgresPool
    let clock: any WallClock
    let filings: FilingList
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await sweep()
                    try await Task.sleep(for: Self.interval)
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("sweep failed, will be tried again", metadata: ["error": "\(error)"])
                    do { try await Task.sleep(for: Self.interval) } catch { return }
                }
            }
        }
    }

    /// One look. Public to the tests, which move the clock themselves.
    func sweep() async throws {
        let now = clock.now()
        let today = LocalDate(now)
        while try await reassess(today, now) == Self.batchSize {}
        while try await endAppointments(today, now) == Self.batchSize {}
        while try await remindOfFilings(today, now) == Self.batchSize {}
        try await SessionStore.purge(now: now, pool)
        try await SignInFailures.purge(now: now, pool)
        try await PendingSignInStore.purge(now: now, pool)
        try await RevocationStore.purge(now: now, pool)
        try await FederatedStore.purge(now: now, pool)
        try await IdempotencyStore().purge(now: now, pool)
    }

    private func remindOfFilings(_ today: LocalDate, _ now: Instant) async throws -> Int {
        try await pool.transaction { transaction in
            try await filings.remind(on: today, limit: Self.batchSize, now: now, transaction)
        }
    }

    private func endAppointments(_ today: LocalDate, _ now: Instant) async throws -> Int {
        try await pool.transaction { transaction in
            try await AppointmentEnds.announce(
                on: today, limit: Self.batchSize,
                EventContext(actor: .system("clock"), correlationId: "appointments-\(today.iso)"), now: now,
                transaction)
        }
    }

    private func reassess(_ today: LocalDate, _ now: Instant) async throws -> Int {
        try await pool.transaction { transaction in
            let outdated = try await CanteenStore.outdated(on: today, limit: Self.batchSize, transaction)
            guard !outdated.isEmpty else { return 0 }
            let changed = outdated.map { canteen in
                var canteen = canteen
                canteen.operating = canteen.mayOperate(on: today)
                return canteen
            }
            let context = EventContext(actor: .system("clock"), correlationId: "licence-\(today.iso)")
            try await CanteenStore.save(canteens: changed, transaction)
            try await transaction.publish(changed.map(\.changed), context, occurredAt: now)
            return outdated.count
        }
    }
}
