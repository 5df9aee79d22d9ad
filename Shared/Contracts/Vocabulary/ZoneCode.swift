/// Zone groups of art 7 (domain §7.1).
public enum ZoneCode: String, Codable, Hashable, CaseIterable, Sendable {
    /// 食品仓库.
    case z1 = "Z1"
    /// 粗加工制作区.
    case z2 = "Z2"
    /// 烹饪区.
    case z3 = "Z3"
    /// 专间、备餐间.
    case z4 = "Z4"
    /// 餐用具洗消区.
    case z5 = "Z5"
    /// 面点间.
    case z6 = "Z6"
    /// 其他.
    case z9 = "Z9"
}
