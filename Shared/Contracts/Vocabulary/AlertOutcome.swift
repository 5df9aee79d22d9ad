/// What a person made of a machine's alert.
public enum AlertOutcome: String, Codable, Hashable, CaseIterable, Sendable {
    /// 属实: it became a problem.
    case confirmed
    /// 误报.
    case falsePositive = "false_positive"
    /// 无法判断: the picture does not tell.
    case unknown
}
