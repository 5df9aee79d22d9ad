/// Why a canteen was chosen, stored with the visit: score, factors and formula at the time of the choice.
struct Pick: Codable, Hashable, Sendable {
    var formula: String
    var points: Int
    var factors: [String]
}

extension Pick {
    init(_ score: RiskScore) {
        self.init(formula: RiskScore.version, points: score.points, factors: score.factors.map(\.code))
    }
}

extension RiskScore.Factor {
    /// Stable text with its number, e.g. `days_since_visit=34`.
    var code: String {
        switch self {
        case .neverVisited: "never_visited"
        case .daysSinceVisit(let days): "days_since_visit=\(days)"
        case .openProblems(let count): "open_problems=\(count)"
        case .overdueProblems(let count): "overdue_problems=\(count)"
        case .cameraLoss(let lost, let total): "camera_loss=\(lost)/\(total)"
        case .licenceExpiring(let days): "licence_expiring_days=\(days)"
        case .licenceExpired: "licence_expired"
        case .accessOverdue: "access_overdue"
        }
    }
}
