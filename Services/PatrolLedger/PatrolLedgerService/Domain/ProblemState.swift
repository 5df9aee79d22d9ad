import Contracts

/// The one life cycle of a problem, from whatever origin (art 2, 7, 10). `overdue` is computed, not a state.
enum ProblemState: String, Codable, Hashable, CaseIterable, Sendable {
    case found
    case notified
    case acknowledged
    case rectifying
    case submitted
    case returned
    case accepted
    case closed

    var isOpen: Bool { self != .closed }
    /// The school has something to do.
    var waitsForSchool: Bool { [.notified, .acknowledged, .rectifying, .returned].contains(self) }
    var waitsForOrgan: Bool { self == .submitted }
}
