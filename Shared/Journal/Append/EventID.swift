import Contracts

/// Id of a journal entry, also the CloudEvents id of the event: a UUIDv7.
public struct EventID: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}
