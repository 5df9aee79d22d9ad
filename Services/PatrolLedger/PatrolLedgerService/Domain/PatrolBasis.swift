/// 检查依据: why a patrol is made. At least one (art 7: 年度检查计划、“双随机”抽查计划、日常监管、专项检查、飞行检查).
enum PatrolBasis: String, Codable, Hashable, CaseIterable, Sendable {
    case annualPlan = "annual_plan"
    case doubleRandom = "double_random"
    case daily
    case special
    case flying
    case complaint
    case aiAlert = "ai_alert"
    case riskList = "risk_list"

    /// A draw, a complaint or an alert is only a basis when one can look it up.
    var needsReference: Bool { self == .doubleRandom || self == .complaint }
}
