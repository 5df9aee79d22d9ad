import Concurrency
import Logging
import ServiceLifecycle

/// What only the clock asks for: done at once, then again after each pause, until the service is shut down.
///
/// What throws is logged and tried again after the pause. The work must be idempotent and safe beside other processes.
public struct RepeatedWork: Service {
    private let name: String
    private let interval: Duration
    private let logger: Logger
    private let work: @Sendable () async throws -> Int

    /// - Parameters:
    ///   - name: for the log, e.g. "weeks decided".
    ///   - work: returns how much was done.
    public init(
        _ name: String, every interval: Duration, logger: Logger, work: @escaping @Sendable () async throws -> Int
    ) {
        self.name = name
        self.interval = interval
        self.logger = logger
        self.work = work
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let count = try await work()
                    if count > 0 {
                        logger.info("done by the clock", metadata: ["work": "\(name)", "count": "\(count)"])
                    }
                } catch is CancellationError {
                    return
                } catch {
                    logger.error(
                        "work of the clock failed, next try follows",
                        metadata: ["work": "\(name)", "error": "\(error)"])
                }
                await Signal().wait(atMost: interval)
            }
        }
    }
}
