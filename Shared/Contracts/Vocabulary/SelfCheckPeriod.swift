/// Rhythm of a school's own checks (SAMR Order 60: 日管控、周排查、月调度; art 8 of the notice: 每日、每周、每月自查).
public enum SelfCheckPeriod: String, Codable, Hashable, CaseIterable, Sendable {
    /// 日管控 (每日自查).
    case daily
    /// 周排查 (每周自查), Monday to Sunday.
    case weekly
    /// 月调度 (每月自查), a calendar month.
    case monthly
}
