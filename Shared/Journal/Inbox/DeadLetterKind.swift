/// Why a record was set aside.
public enum DeadLetterKind: String, Codable, Hashable, CaseIterable, Sendable {
    /// No CloudEvent, or data that do not fit the type. The stream goes on without it.
    case undecodable
    /// A type that no version of the contracts known to this program has. The stream goes on without it.
    case unknownType = "unknown_type"
    /// The handler failed at every try. Later events of its stream wait until it is replayed.
    case handlerFailed = "handler_failed"
}
