/// Roles of domain §7.4.
public enum Role: String, Codable, Hashable, CaseIterable, Sendable {
    /// 市级监管人员.
    case cityRegulator = "city_regulator"
    /// 县级监管人员.
    case countyRegulator = "county_regulator"
    /// 基层监管所执法人员.
    case stationOfficer = "station_officer"
    /// 教育部门.
    case educationOfficer = "education_officer"
    /// 人社部门.
    case hrOfficer = "hr_officer"
    /// 校长（院长、园长）.
    case principal
    /// 食品安全负责人.
    case safetyLead = "safety_lead"
    /// 平台操作员.
    case platformOperator = "platform_operator"
    /// 供餐单位.
    case caterer
    /// 家长代表.
    case parentRepresentative = "parent_representative"
    /// 审计管理员.
    case auditor
    /// 安全管理员.
    case securityAdmin = "security_admin"
    /// 系统管理员.
    case systemAdmin = "system_admin"
}
