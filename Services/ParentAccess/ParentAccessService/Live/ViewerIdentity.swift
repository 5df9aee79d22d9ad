import Access
import Contracts

/// Whose view session it is. Pseudonymous ids only.
enum ViewerIdentity: Hashable, Sendable {
    case representative(RepresentativeID)
    case staff(PersonID)

    /// As in events and tables: `representative:<id>` or `person:<id>`.
    var text: String {
        switch self {
        case .representative(let id): "representative:\(id)"
        case .staff(let id): "person:\(id)"
        }
    }
}

extension ViewerIdentity {
    /// The reverse of `text`; nil for anything else.
    init?(text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let id = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "representative": self = .representative(RepresentativeID(id))
        case "person": self = .staff(PersonID(id))
        default: return nil
        }
    }
}
