/// To whom a rule sends: a relation to the canteen, never a named organ, so that one rule serves every county.
enum BulletinReceiver: String, Codable, CaseIterable, Hashable, Sendable {
    /// 主管部门: the bureau stored for the school; of a caterer, which has none, the city regulator (art 13).
    case supervising
    /// 市级市场监督管理局.
    case city
    /// 县（市、区）市场监督管理局.
    case county
    /// 监管所.
    case station
}
