import CRDKafka
import Logging
import Synchronization

/// Takes librdkafka's log lines and client-level errors to swift-log. Called from librdkafka's own threads.
final class ClientLog: Sendable {
    private let logger: Logger
    /// The last error code: a broker that is away is reported by every connection attempt; it is logged once.
    private let lastError = Mutex<Int32>(0)
    /// What the last connection attempt failed with: a refused password or certificate is told here only.
    private let lastFailure = Mutex<String?>(nil)

    init(_ logger: Logger) {
        self.logger = logger
    }

    func line(level: Int32, facility: String, _ text: String) {
        if facility == "FAIL" { lastFailure.withLock { $0 = Self.essence(text) } }
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

    /// Why the last connection attempt failed; nil while there was none since the broker answered.
    var failure: String? { lastFailure.withLock { $0 } }

    /// The broker answered: the next failure is news again.
    func recovered() {
        lastError.withLock { $0 = 0 }
        lastFailure.withLock { $0 = nil }
    }

    /// `[thrd:sasl_ssl://kafka:9092/bootstrap]: sasl_ssl://kafka:9092/bootstrap: SASL authentication error: … (after 3ms in
    /// state AUTH_REQ)` without the thread, and without the timing that differs each time.
    private static func essence(_ text: String) -> String {
        var text = text[...]
        if text.hasPrefix("[thrd:"), let end = text.range(of: "]: ") { text = text[end.upperBound...] }
        if let timing = text.range(of: " (after ") { text = text[..<timing.lowerBound] }
        return String(text)
    }
}
