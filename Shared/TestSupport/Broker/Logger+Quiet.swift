import Foundation
import Logging

extension Logger {
    /// Silent below `error`, so that expected faults do not fill the test output; `TEST_LOG_LEVEL` shows more.
    public static func quiet(_ label: String) -> Logger {
        var logger = Logger(label: label)
        logger.logLevel =
            ProcessInfo.processInfo.environment["TEST_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .critical
        return logger
    }
}
