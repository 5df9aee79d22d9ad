import Calendar
import Contracts

/// The transparent order in which canteens are suggested for a patrol. Every suggestion shows its factors; nothing is
/// learned, nothing is hidden, and an officer may choose otherwise.
struct RiskScore: Hashable, Sendable {
    /// Stored with each pick, so that an old choice can be explained by the formula of its time.
    static let version = "risk-2"
    static let longestGapDays = 90
    static let licenceWarningDays = 60

    struct Facts: Hashable, Sendable {
        var lastVisit: LocalDate?
        var openProblems: Int
        var overdueProblems: Int
        var cameras: Int
        var camerasWithoutSignal: Int
        var licenceValidTo: LocalDate
        /// Not connected within its ten working days (art 5).
        var isAccessOverdue = false
    }

    enum Factor: Hashable, Sendable {
        case neverVisited
        case daysSinceVisit(Int)
        case openProblems(Int)
        case overdueProblems(Int)
        case cameraLoss(lost: Int, of: Int)
        case licenceExpiring(days: Int)
        case licenceExpired
        case accessOverdue
    }

    let points: Int
    let factors: [Factor]

    /// Days since the last visit count one point each up to 90 (never visited: 100); an open problem 20, an overdue one
    /// 20 more; lost cameras up to 40 in proportion; a licence that ends within 60 days 15, an ended one 40;
    /// a connection that is overdue 60.
    init(_ facts: Facts, today: LocalDate) {
        var points = 0
        var factors: [Factor] = []
        if let last = facts.lastVisit {
            let days = max(0, today.daysSinceEpoch - last.daysSinceEpoch)
            points += min(days, Self.longestGapDays)
            factors.append(.daysSinceVisit(days))
        } else {
            points += 100
            factors.append(.neverVisited)
        }
        if facts.openProblems > 0 {
            points += 20 * facts.openProblems
            factors.append(.openProblems(facts.openProblems))
        }
        if facts.overdueProblems > 0 {
            points += 20 * facts.overdueProblems
            factors.append(.overdueProblems(facts.overdueProblems))
        }
        if facts.camerasWithoutSignal > 0 && facts.cameras > 0 {
            points += 40 * facts.camerasWithoutSignal / facts.cameras
            factors.append(.cameraLoss(lost: facts.camerasWithoutSignal, of: facts.cameras))
        }
        let daysLeft = facts.licenceValidTo.daysSinceEpoch - today.daysSinceEpoch
        if daysLeft < 0 {
            points += 40
            factors.append(.licenceExpired)
        } else if daysLeft <= Self.licenceWarningDays {
            points += 15
            factors.append(.licenceExpiring(days: daysLeft))
        }
        if facts.isAccessOverdue {
            points += 60
            factors.append(.accessOverdue)
        }
        self.points = points
        self.factors = factors
    }
}
