import Concurrency
import Logging
import ServiceLifecycle

/// Seals finished days of the trail, every quarter of an hour.
struct AuditSealing: Service {
    private static let interval: Duration = .seconds(900)

    let days: AuditDays
    let clock: any WallClock
    let logger: Logger

    func run() async throws {
        let stopping = Signal()
        await withGracefulShutdownHandler {
            while !(await stopping.wait(atMost: Self.interval)), !Task.isCancelled {
                do {
                    try await days.sealFinished(now: clock.now())
                } catch {
                    logger.warning("the audit trail was not sealed, next try later", metadata: ["error": "\(error)"])
                }
            }
        } onGracefulShutdown: {
            stopping.send()
        }
    }
}
