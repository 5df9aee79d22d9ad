import Calendar
import Contracts

/// How far a problem has come, as far as the public is concerned.
enum ProblemStage: String, Codable, Sendable {
    case found
    /// The school says it is fixed; the regulator has not looked yet.
    case submitted
    /// The regulator was not satisfied.
    case returned
    case accepted
    case closed

    var isOpen: Bool { self != .closed }

    /// Late while nothing was submitted, or what was submitted came back. The deadline itself is still in time.
    func isOverdue(rectifyBy: Instant, now: Instant) -> Bool {
        (self == .found || self == .returned) && now > rectifyBy
    }
}

extension ProblemOutcome {
    /// False alarms, withdrawn and merged findings say nothing about the kitchen and are not shown.
    var isPublic: Bool {
        switch self {
        case .rectified, .referredToCase: true
        case .falsePositive, .merged, .withdrawn: false
        }
    }
}

extension ProblemOrigin {
    /// Whoever complained stays unknown, also by implication (Food Safety Law art 115): these origins are not shown.
    var isPublic: Bool {
        switch self {
        case .patrol, .selfCheck, .aiAlert, .catererCheck: true
        case .parent, .complaint: false
        }
    }
}
