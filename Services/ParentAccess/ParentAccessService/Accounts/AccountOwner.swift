import Contracts
import Postgres

/// In whose name an account is handled: bounds every statement about it.
enum AccountOwner: Hashable, Sendable {
    /// The school's representatives.
    case school(SchoolID)
    /// The guests that an organ invited.
    case organ(OrganID)
    /// The account's own holder.
    case holder(SchoolID)

    /// Condition on the table `representative`, aliased `r`.
    var condition: SQL {
        switch self {
        case .school(let id): "r.school_id = \(id) AND r.kind = 'parent'"
        case .organ(let id): "r.sponsor_organ_id = \(id) AND r.kind = 'guest'"
        case .holder(let id): "r.school_id = \(id)"
        }
    }
}
