import Contracts

/// Who did it, always pseudonymous: names and phone numbers live in erasable tables beside the journal.
///
/// In an actor's isolation domain the standard library's `Actor` protocol is meant; write `Journal.Actor` there.
public enum Actor: Hashable, Sendable {
    /// A staff account.
    case person(PersonID)
    /// A parent representative.
    case representative(RepresentativeID)
    /// A service, a scheduled job or a vendor's platform.
    case system(String)

    /// `person:<id>`, `representative:<id>` or `system:<name>`; what the journal stores.
    public var rawValue: String {
        switch self {
        case .person(let id): "person:\(id.rawValue)"
        case .representative(let id): "representative:\(id.rawValue)"
        case .system(let name): "system:\(name)"
        }
    }

    /// nil for any other form.
    public init?(rawValue: String) {
        guard let colon = rawValue.firstIndex(of: ":") else { return nil }
        let value = String(rawValue[rawValue.index(after: colon)...])
        switch rawValue[..<colon] {
        case "person": self = .person(PersonID(rawValue: value))
        case "representative": self = .representative(RepresentativeID(rawValue: value))
        case "system": self = .system(value)
        default: return nil
        }
    }
}
