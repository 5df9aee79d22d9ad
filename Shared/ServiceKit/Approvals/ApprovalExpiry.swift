import Calendar
import Concurrency
import Contracts
import Journal
import Logging
import Postgres
import ServiceLifecycle

/// Closes proposals that nobody decided in time, once a minute. Until it comes by they cannot be approved either: the
/// decision looks at the clock itself.
struct ApprovalExpiry: Service {
    private static let interval: Duration = .seconds(60)

    let pool: PostgresPool
    let clock: any WallClock
    let area: String
    let logger: Logger

    func run() async throws {
        let stopping = Signal()
        await withGracefulShutdownHandler {
            while !(await stopping.wait(atMost: Self.interval)), !Task.isCancelled {
                do {
                    try await sweep()
                } catch {
                    logger.warning(
                        "overdue approvals were not closed, next try in a minute", metadata: ["error": "\(error)"])
                }
            }
        } onGracefulShutdown: {
            stopping.send()
        }
    }

    func sweep() async throws {
        let now = clock.now()
        let context = EventContext(actor: .system("clock"), correlationId: UUIDv7.string())
        while try await pool.transaction({ transaction in
            let expired = try await ApprovalStore.expire(now: now, transaction)
            for approval in expired {
                try await ApprovalRecord.write("expired", approval, area: area, context, now, transaction)
            }
            return !expired.isEmpty
        }) {}
    }
}
