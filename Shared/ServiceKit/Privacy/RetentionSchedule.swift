import Concurrency
import Logging
import ServiceLifecycle

/// Runs the purge at start and once a day.
struct RetentionSchedule: Service {
    private static let interval: Duration = .seconds(86_400)

    let purge: RetentionPurge
    let clock: any WallClock
    let logger: Logger

    func run() async throws {
        let stopping = Signal()
        await withGracefulShutdownHandler {
            repeat {
                do {
                    for purged in try await purge.run(now: clock.now()) {
                        logger.info(
                            "personal data was purged",
                            metadata: ["table": "\(purged.table)", "rows": "\(purged.rows)"])
                    }
                } catch {
                    logger.warning("personal data was not purged, next try tomorrow", metadata: ["error": "\(error)"])
                }
            } while !(await stopping.wait(atMost: Self.interval)) && !Task.isCancelled
        } onGracefulShutdown: {
            stopping.send()
        }
    }
}
