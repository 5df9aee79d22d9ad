/// Level of an organ.
public enum OrganLevel: String, Codable, Hashable, CaseIterable, Sendable {
    /// 市级.
    case city
    /// 县级.
    case county
    /// 基层监管所.
    case station
}
