/// In what capacity an organ receives a bulletin.
public enum BulletinRole: String, Codable, Hashable, CaseIterable, Sendable {
    /// 主送: asked to give a receipt and to answer.
    case main
    /// 抄送: for information.
    case copy
    /// 上级: told because an answer is overdue.
    case superior
}
