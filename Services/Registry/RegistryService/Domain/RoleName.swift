import Contracts

/// What an account of a role must be attached to.
public enum RoleScope: Sendable {
    /// An organ of this department and one of these levels.
    case organ(Department, Set<OrganLevel>)
    case school
    case caterer
    /// The three separate administrators (等保 8.1.4.2): no organ, no business rights.
    case platform
}

extension Role {
    static let words: [String: Role] = [
        "市级监管人员": .cityRegulator, "县级监管人员": .countyRegulator, "监管所执法人员": .stationOfficer,
        "教育部门人员": .educationOfficer, "人社部门人员": .hrOfficer,
        "校长": .principal, "园长": .principal, "院长": .principal,
        "食品安全负责人": .safetyLead, "食品安全总监": .safetyLead, "平台操作员": .platformOperator,
        "供餐单位": .caterer, "审计管理员": .auditor, "安全管理员": .securityAdmin, "系统管理员": .systemAdmin,
    ]

    public var chinese: String {
        switch self {
        case .cityRegulator: "市级监管人员"
        case .countyRegulator: "县级监管人员"
        case .stationOfficer: "监管所执法人员"
        case .educationOfficer: "教育部门人员"
        case .hrOfficer: "人社部门人员"
        case .principal: "校长"
        case .safetyLead: "食品安全负责人"
        case .platformOperator: "平台操作员"
        case .caterer: "供餐单位"
        case .parentRepresentative: "家长代表"
        case .auditor: "审计管理员"
        case .securityAdmin: "安全管理员"
        case .systemAdmin: "系统管理员"
        }
    }

    /// nil for the parents' representative, who has no staff account.
    public var scope: RoleScope? {
        switch self {
        case .cityRegulator: .organ(.marketSupervision, [.city])
        case .countyRegulator: .organ(.marketSupervision, [.county])
        case .stationOfficer: .organ(.marketSupervision, [.station])
        case .educationOfficer: .organ(.education, [.city, .county])
        case .hrOfficer: .organ(.humanResources, [.city, .county])
        case .principal, .safetyLead, .platformOperator: .school
        case .caterer: .caterer
        case .auditor, .securityAdmin, .systemAdmin: .platform
        case .parentRepresentative: nil
        }
    }

    static func read(_ text: String, column: String) throws(ValueFault) -> Role {
        guard let role = words[text] else {
            throw ValueFault(
                .roleUnknown, column: column, value: text, allowed: words.keys.sorted().joined(separator: "、"))
        }
        return role
    }
}
