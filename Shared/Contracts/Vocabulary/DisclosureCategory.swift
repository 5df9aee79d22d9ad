/// The nine categories of art 6.
public enum DisclosureCategory: String, Codable, Hashable, CaseIterable, Sendable {
    /// 食品经营许可信息.
    case d1 = "D1"
    /// 餐饮服务食品安全量化信息.
    case d2 = "D2"
    /// 食品安全承诺书.
    case d3 = "D3"
    /// 食品安全管理员信息.
    case d4 = "D4"
    /// 从业人员健康信息.
    case d5 = "D5"
    /// 使用食品添加剂相关信息.
    case d6 = "D6"
    /// 大宗食品原料索证索票信息.
    case d7 = "D7"
    /// 日常监督检查.
    case d8 = "D8"
    /// 食品安全自查情况.
    case d9 = "D9"
}
