import Contracts

/// Whose inbox: an organ's or a school's. Everybody appointed there reads the same one.
enum Recipient: Hashable, Sendable {
    case organ(OrganID)
    case school(SchoolID)

    /// Text form in tables: `organ:<id>` or `school:<id>`.
    var key: String {
        switch self {
        case .organ(let id): "organ:\(id)"
        case .school(let id): "school:\(id)"
        }
    }

    init?(key: String) {
        let parts = key.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "organ": self = .organ(OrganID(String(parts[1])))
        case "school": self = .school(SchoolID(String(parts[1])))
        default: return nil
        }
    }

    var organId: OrganID? {
        if case .organ(let id) = self { id } else { nil }
    }

    var schoolId: SchoolID? {
        if case .school(let id) = self { id } else { nil }
    }
}
