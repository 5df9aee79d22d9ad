/// School types named in the notice, plus the caterer.
public enum SchoolType: String, Codable, Hashable, CaseIterable, Sendable {
    /// 普通高等院校.
    case university
    /// 职业学校, 中等职业学校.
    case vocational
    /// 技工院校.
    case technical
    /// 普通高中.
    case seniorHigh = "senior_high"
    /// 初级中学.
    case juniorHigh = "junior_high"
    /// 九年一贯制学校.
    case nineYear = "nine_year"
    /// 十二年一贯制学校, 完全中学.
    case twelveYear = "twelve_year"
    /// 小学.
    case primary
    /// 特殊教育学校.
    case special
    /// 幼儿园, 托幼机构.
    case kindergarten
    /// 集体用餐配送单位.
    case caterer
}
