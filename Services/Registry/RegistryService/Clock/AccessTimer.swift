import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Drives the ten-day clock: canteens whose facts changed, canteens whose moment has come, and open deadlines after a
/// new calendar. Everything it needs to know stands in the database, so a restart loses nothing and repeats nothing.
struct AccessTimer: Service {
    /// Longest time between two looks; the clock's own moments are waited for exactly.
    static let interval: Duration = .seconds(1)
    /// How often canteens under test are looked at again, because their share of signal changes by time alone.
    static let testInterval: Duration = .seconds(600)
    static let batchSize = 200

    let pool: PostgresPool
    let clock: any WallClock
    let evaluator: AccessEvaluator
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var testedAt: Instant?
            var backoff = Backoff(base: .milliseconds(500), maximum: .seconds(30))
            while !Task.isCancelled {
                do {
                    let now = clock.now()
                    if testedAt.map({ now >= $0 + Self.testInterval }) ?? true {
                        try await pool.transaction { try await AccessStore.markTested($0) }
                        testedAt = now
                    }
                    try await settle()
                    backoff = Backoff(base: .milliseconds(500), maximum: .seconds(30))
                    try await Task.sleep(for: try await pause())
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("the access clock will try again", metadata: ["error": "\(error)"])
                    do { try await Task.sleep(for: backoff.next()) } catch { return }
                }
            }
        }
    }

    private func pause() async throws -> Duration {
        guard let next = try await AccessStore.next(pool) else { return Self.interval }
        let left = next - clock.now()
        return max(.milliseconds(5), min(left, Self.interval))
    }

    /// Works until nothing is left to do at this moment. Tests call it after moving their clock.
    func settle() async throws {
        try await pool.transaction { try await TallyStore.openDay(LocalDate(clock.now()), $0) }
        while try await turn() {}
    }

    /// One batch in one transaction; false when there was nothing to do.
    private func turn() async throws -> Bool {
        let now = clock.now()
        return try await pool.transaction { transaction in
            let number = try await CalendarStore.currentNumber(transaction)
            var ids = try await AccessStore.takeMarks(limit: Self.batchSize, transaction)
            if ids.isEmpty { ids = try await AccessStore.due(at: now, limit: Self.batchSize, transaction) }
            if ids.isEmpty {
                ids = try await AccessStore.outdated(version: number, limit: Self.batchSize, transaction)
            }
            guard !ids.isEmpty else { return false }
            let context = EventContext(actor: .system("clock"), correlationId: "access-\(LocalDate(now).iso)")
            try await evaluator.evaluate(ids, context, now: now, transaction)
            return true
        }
    }
}
