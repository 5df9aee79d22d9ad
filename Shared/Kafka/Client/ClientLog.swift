import CRDKafka
import Logging
import Synchronization

/// Takes librdkafka's log lines and client-level errors to swift-log. Called from librdkafka's own threads.
final class ClientLog: Sendable {
    private let logger: Logger
    /// The last error code: a broker that is away is reported by every connection attempt; it is logged once.
    private let lastError = Mutex<Int32>(0)

    init(_ logger: Logger) {
        self.logger = logger
    }

    func line(level: Int32, facility: String, _ text: String) {
        let severity: Logger.Level =
            switch level {
            case 0...2: .critical
            case 3: .notice  // connection failures, which librdkafka repairs by itself
            case 4: .notice
            case 5: .info
            default: .debug
            }
        logger.log(level: severity, "librdkafka: \(text)", metadata: ["facility": "\(facility)"])
    }

    func error(_ error: KafkaError) {
        let isNew = lastError.withLock { last in
            defer { last = error.code }
            return last != error.code
        }
        let severity: Logger.Level = error.isFatal ? .error : isNew ? .warning : .debug
        logger.log(level: severity, "kafka client error", metadata: ["error": "\(error)"])
    }

    /// The broker answered: the next failure is news again.
    func recovered() {
        lastError.withLock { $0 = 0 }
    }
}
