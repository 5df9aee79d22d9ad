/// What makes the platform write a bulletin by itself.
enum BulletinTrigger: String, Codable, CaseIterable, Hashable, Sendable {
    /// 发现问题.
    case problemFound = "problem_found"
    /// 重复发生: the same item of the same canteen, closed less than 90 days before.
    case repeatedProblem = "repeated_problem"
    /// 逾期未整改.
    case problemOverdue = "problem_overdue"
    /// 未按期接入 (art 5).
    case notConnected = "not_connected"
}
