/// How a problem was found (art 2: one life cycle for every origin).
public enum ProblemOrigin: String, Codable, Hashable, CaseIterable, Sendable {
    /// 线上巡查.
    case patrol
    /// 学校自查.
    case selfCheck = "self_check"
    /// 家长反馈.
    case parent
    /// 智能告警.
    case aiAlert = "ai_alert"
    /// 投诉举报.
    case complaint
    /// 供餐单位检查.
    case catererCheck = "caterer_check"
}
