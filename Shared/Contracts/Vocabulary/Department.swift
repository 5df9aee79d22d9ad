/// Administration that an organ belongs to, and the department that supervises a school (主管部门, art 4).
public enum Department: String, Codable, Hashable, CaseIterable, Sendable {
    /// 市场监管.
    case marketSupervision = "market_supervision"
    /// 教育.
    case education
    /// 人力资源和社会保障.
    case humanResources = "human_resources"
}
