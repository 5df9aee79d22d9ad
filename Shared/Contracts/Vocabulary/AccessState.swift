/// How far a canteen has come with connecting to the platform (平台接入, art 5).
public enum AccessState: String, Codable, Hashable, CaseIterable, Sendable {
    /// 未开始: nothing is installed.
    case planned
    /// 建设中: cameras are being registered.
    case building
    /// 已申请: the school says it is ready to be tested.
    case applied
    /// 联调测试: every declared zone has a checked camera; what else is missing is shown.
    case testing
    /// 已接入: every part of the rule was met and the county officer confirmed it.
    case connected
    /// 暂停: the licence ended, or an officer suspended it.
    case suspended
    /// 已断开: taken off the platform by an officer, with a reason.
    case disconnected
    /// 无需接入, with a reason.
    case notRequired = "not_required"
}
