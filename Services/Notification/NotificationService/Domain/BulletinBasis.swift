import Calendar
import Contracts

/// What an automatic bulletin is about: the event that caused it, as it arrived.
enum BulletinBasis: Sendable {
    case problem(ProblemFound)
    case overdue(AccessOverdue)

    var cause: BulletinCause {
        switch self {
        case .problem: .problemFound
        case .overdue: .notConnected
        }
    }

    var problem: ProblemFound? {
        if case .problem(let found) = self { found } else { nil }
    }

    /// Organ that found a problem; nil = the county organ issues.
    var findingOrganId: OrganID? { problem?.organId }

    /// Until when the receiver is asked to act; nil = without a date.
    var dueAt: Instant? { problem?.rectifyBy }

    func facts(_ canteen: Canteen) -> String {
        switch self {
        case .problem(let found): BulletinText.facts(found, canteen: canteen)
        case .overdue(let overdue): BulletinText.facts(overdue, canteen: canteen)
        }
    }

    var requirement: String {
        switch self {
        case .problem(let found): BulletinText.requirement(found)
        case .overdue: BulletinText.accessRequirement
        }
    }
}
