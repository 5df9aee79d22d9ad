import Calendar
import Concurrency
import Journal
import Logging
import Postgres
import ServiceKit
import ServiceLifecycle

/// Begins and ends contracts at 00:00 of their days. Sleeps to the next midnight, and looks once a minute besides, because
/// a contract may be entered, or a caterer lose its licence, at any time.
struct ContractSweep: Service {
    static let interval: Duration = .seconds(60)
    static let batchSize = 200

    let pool: PostgresPool
    let clock: any WallClock
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await sweep()
                    try await Task.sleep(for: Self.pause(after: clock.now()))
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("contracts will be looked at again", metadata: ["error": "\(error)"])
                    do { try await Task.sleep(for: Self.interval) } catch { return }
                }
            }
        }
    }

    static func pause(after now: Instant) -> Duration {
        let midnight = LocalDate(now).adding(days: 1).start
        return min(interval, midnight - now)
    }

    /// One look. Internal for the tests, which move the clock themselves.
    func sweep() async throws {
        let now = clock.now()
        let today = LocalDate(now)
        var count = Self.batchSize
        while count == Self.batchSize {
            count = try await pool.transaction { transaction in
                let due = try await ContractStore.due(on: today, limit: Self.batchSize, transaction)
                let changes = due.map { item in
                    ContractLedger.Change(
                        before: item.contract,
                        after: item.contract.on(today, catererLicenceEndedOn: item.licenceEndedOn))
                }
                try await ContractStore.write(
                    changes, today: today,
                    EventContext(actor: .system("clock"), correlationId: "contracts-\(today.iso)"), now: now,
                    transaction)
                return due.count
            }
        }
    }
}
