/// Why personal data cannot be sealed or opened. Never shows a value or a key.
public enum PersonalDataError: Error, Equatable, CustomStringConvertible {
    /// The stored text is not in the form that `PersonalDataKeys.seal` writes.
    case notSealed
    /// The key that sealed it is not among the given ones.
    case unknownKey(id: String)
    /// Changed, copied from another row, or sealed with another key of the same name.
    case doesNotOpen(SealedPlace)

    public var description: String {
        switch self {
        case .notSealed: "the stored text is not sealed"
        case .unknownKey(let id): "the data key \(id) is not given"
        case .doesNotOpen(let place): "the sealed text of \(place) does not open"
        }
    }
}
