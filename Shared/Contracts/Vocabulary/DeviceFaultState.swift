/// How far the repair of a device is.
public enum DeviceFaultState: String, Codable, Hashable, CaseIterable, Sendable {
    /// 已发现.
    case detected
    /// 已确认.
    case confirmed
    /// 已派单.
    case assigned
    /// 维修中.
    case repairing
    /// 已恢复.
    case recovered
    /// 已关闭.
    case closed
}
