import Concurrency
import Logging
import Postgres
import ServiceLifecycle

/// Forgets stored answers of idempotent commands after their 24 hours, every hour.
struct IdempotencyPurge: Service {
    private static let interval: Duration = .seconds(3_600)

    let store: IdempotencyStore
    let pool: PostgresPool
    let clock: any WallClock
    let logger: Logger

    func run() async throws {
        let stopping = Signal()
        await withGracefulShutdownHandler {
            while !(await stopping.wait(atMost: Self.interval)), !Task.isCancelled {
                do {
                    try await store.purge(now: clock.now(), pool)
                } catch {
                    logger.warning(
                        "stored answers were not purged, next try in an hour", metadata: ["error": "\(error)"])
                }
            }
        } onGracefulShutdown: {
            stopping.send()
        }
    }
}
