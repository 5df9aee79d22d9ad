import Calendar
import Contracts

/// Everything a draw depends on but its seed, fixed and hashed before anything is drawn.
struct DrawInputs: Codable, Hashable, Sendable {
    static let format = "bk-draw-1"

    struct Canteen: Codable, Hashable, Sendable {
        var canteenId: CanteenID
        var schoolId: SchoolID
        /// Chances in the risk-weighted share: the risk score, at least 1.
        var weight: Int
        /// What the weight was made of, by `risk_formula`.
        var factors: [String]
    }

    struct Recusal: Codable, Hashable, Sendable {
        var inspectorId: PersonID
        var schoolId: SchoolID
    }

    var format: String
    var drawId: DrawID
    var organId: OrganID
    var announcedAt: Instant
    var riskFormula: String
    /// Drawn with equal chances (随机).
    var randomCount: Int
    /// Drawn from the rest with chances by weight.
    var riskCount: Int
    var inspectorsPerCanteen: Int
    /// 检查对象名录库, by id.
    var canteens: [Canteen]
    /// 检查人员名录库, by id.
    var inspectors: [PersonID]
    var recusals: [Recusal]
}
