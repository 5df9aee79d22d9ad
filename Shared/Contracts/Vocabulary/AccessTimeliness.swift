/// When a canteen was connected, against the ten working days of art 5.
public enum AccessTimeliness: String, Codable, Hashable, CaseIterable, Sendable {
    /// 提前: before the licence was issued.
    case early
    /// 按期.
    case onTime = "on_time"
    /// 逾期.
    case late
    /// No deadline applied: the licence is older than the rule.
    case noDeadline = "no_deadline"
}
