/// Reasoned end of a problem.
public enum ProblemOutcome: String, Codable, Hashable, CaseIterable, Sendable {
    /// 整改完成.
    case rectified
    /// 立案查处.
    case referredToCase = "referred_to_case"
    /// 误报.
    case falsePositive = "false_positive"
    /// 合并.
    case merged
    /// 撤销.
    case withdrawn
}
