import Calendar
import Contracts

/// What an automatic bulletin is about: the event that caused it, as it arrived.
enum BulletinBasis: Sendable {
    case problem(ProblemFound)
    /// A problem that was not put right in time; its finding, where it arrived.
    case late(ProblemOverdue, ProblemFound?)
    case overdue(AccessOverdue)

    var trigger: BulletinTrigger {
        switch self {
        case .problem(let found): found.recurrenceOf == nil ? .problemFound : .repeatedProblem
        case .late: .problemOverdue
        case .overdue: .notConnected
        }
    }

    var cause: BulletinCause {
        switch trigger {
        case .problemFound: .problemFound
        case .repeatedProblem: .repeatedProblem
        case .problemOverdue: .problemOverdue
        case .notConnected: .notConnected
        }
    }

    /// The finding, where the bulletin is about a problem.
    var problem: ProblemFound? {
        switch self {
        case .problem(let found): found
        case .late(_, let found): found
        case .overdue: nil
        }
    }

    var problemId: ProblemID? {
        switch self {
        case .problem(let found): found.problemId
        case .late(let late, _): late.problemId
        case .overdue: nil
        }
    }

    var severity: Int? {
        switch self {
        case .problem(let found): found.severity
        case .late(let late, _): late.severity
        case .overdue: nil
        }
    }

    /// Organ that found a problem; nil = the county organ issues.
    var findingOrganId: OrganID? { problem?.organId }

    /// Until when the school has to act; nil = the term of the answer.
    var dueAt: Instant? {
        if case .problem(let found) = self { found.rectifyBy } else { nil }
    }

    func circumstances(_ canteen: Canteen) -> BulletinCircumstances {
        BulletinCircumstances(trigger: trigger, origin: problem?.origin, severity: severity, canteen: canteen)
    }

    func title(_ canteen: Canteen) -> String {
        let what = canteen.isCaterer ? "供餐单位\(canteen.schoolName)" : canteen.schoolName
        return switch trigger {
        case .problemFound: "关于\(what)食品安全问题的通报"
        case .repeatedProblem: "关于\(what)食品安全问题重复发生的通报"
        case .problemOverdue: "关于\(what)食品安全问题逾期未整改的通报"
        case .notConnected: "关于\(what)未按期接入“互联网+明厨亮灶”平台的通报"
        }
    }

    func facts(_ canteen: Canteen) -> String {
        switch self {
        case .problem(let found): BulletinText.facts(found, canteen: canteen)
        case .late(let late, let found): BulletinText.facts(late, found, canteen: canteen)
        case .overdue(let overdue): BulletinText.facts(overdue, canteen: canteen)
        }
    }

    var requirement: String {
        switch self {
        case .problem(let found): BulletinText.requirement(found)
        case .late: BulletinText.overdueRequirement
        case .overdue: BulletinText.accessRequirement
        }
    }
}
