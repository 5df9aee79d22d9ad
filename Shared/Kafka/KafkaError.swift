/// What librdkafka or the broker reported, classified once.
public struct KafkaError: Error, Hashable, Sendable {
    /// librdkafka's number: negative = made by the client, positive = the Kafka protocol's, `localCode…` = made here.
    public let code: Int32
    /// e.g. `_TRANSPORT`, `UNKNOWN_TOPIC_OR_PART`.
    public let name: String
    public let message: String
    /// Trying the same again later may succeed.
    public let isRetriable: Bool
    /// The client instance is unusable: close it and make a new one.
    public let isFatal: Bool

    public init(code: Int32, name: String, message: String, isRetriable: Bool, isFatal: Bool) {
        self.code = code
        self.name = name
        self.message = message
        self.isRetriable = isRetriable
        self.isFatal = isFatal
    }
}

extension KafkaError: CustomStringConvertible {
    public var description: String { "\(name): \(message)" }
}

extension KafkaError {
    /// The waiting task was cancelled: the record may or may not reach the broker.
    public static let outcomeUnknown = KafkaError(
        code: -10_001, name: "_OUTCOME_UNKNOWN", message: "cancelled before the delivery report came",
        isRetriable: true, isFatal: false)

    /// The client has been closed.
    public static let closed = KafkaError(
        code: -10_002, name: "_CLOSED", message: "the client is closed", isRetriable: false, isFatal: true)

    /// An earlier record of the same key in the same call was refused, so this one was not sent, to keep the order.
    public static let predecessorRefused = KafkaError(
        code: -10_003, name: "_PREDECESSOR_REFUSED", message: "an earlier record of the same key was refused",
        isRetriable: true, isFatal: false)

    /// Topics that must exist do not, and could not be created.
    public static func unknownTopics(_ names: [String], reason: String) -> KafkaError {
        KafkaError(
            code: 3, name: "UNKNOWN_TOPIC_OR_PART",
            message: "these topics do not exist: \(names.sorted().joined(separator: ", ")) (\(reason))",
            isRetriable: false, isFatal: false)
    }

    /// A file with credentials cannot be read now; it may be being replaced.
    static func unreadable(_ path: String) -> KafkaError {
        KafkaError(
            code: -10_004, name: "_CREDENTIALS", message: "\(path) cannot be read", isRetriable: true, isFatal: false)
    }

    /// A file with credentials was replaced: a new client reads it.
    public static let credentialsReplaced = KafkaError(
        code: -10_005, name: "_CREDENTIALS", message: "credentials were replaced, connecting anew", isRetriable: true,
        isFatal: false)

    /// The same error with what the client met before it gave up: a time-out says nothing about a refused password.
    func after(_ cause: String?) -> KafkaError {
        guard let cause else { return self }
        return KafkaError(
            code: code, name: name, message: "\(message); \(cause)", isRetriable: isRetriable, isFatal: isFatal)
    }
}
