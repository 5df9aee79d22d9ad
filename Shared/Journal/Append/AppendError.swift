/// The journal refuses an entry before it reaches the database.
public enum AppendError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Header and data together would exceed `JournalEntry.maximumLeafSize`.
    case entryTooLarge(type: String, bytes: Int)
    /// The id is taken; only a caller that brings its own ids can see this.
    case notAppended(expected: Int, written: Int)

    public var description: String {
        switch self {
        case .entryTooLarge(let type, let bytes):
            "journal entry \(type) has \(bytes) bytes, \(JournalEntry.maximumLeafSize) are allowed"
        case .notAppended(let expected, let written):
            "\(expected) journal entries were to be written, \(written) were"
        }
    }
}
