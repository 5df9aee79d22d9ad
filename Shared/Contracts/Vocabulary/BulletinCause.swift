/// Why a bulletin was issued.
public enum BulletinCause: String, Codable, Hashable, CaseIterable, Sendable {
    /// 发现问题.
    case problemFound = "problem_found"
    /// 逾期未整改.
    case problemOverdue = "problem_overdue"
    /// 重复发生.
    case repeatedProblem = "repeated_problem"
    /// 未按期接入.
    case notConnected = "not_connected"
    /// 人工通报.
    case manual
}
