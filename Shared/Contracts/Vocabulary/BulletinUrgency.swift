/// 紧急程度 of an official document (GB/T 9704).
public enum BulletinUrgency: String, Codable, Hashable, CaseIterable, Sendable {
    /// 平件.
    case normal
    /// 加急.
    case urgent
    /// 特急.
    case mostUrgent = "most_urgent"
}
