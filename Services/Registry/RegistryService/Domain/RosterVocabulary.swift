import Contracts

// Words that clerks write in the roster → the contract's vocabulary, and back for pages.

extension SchoolType {
    static let words: [String: SchoolType] = [
        "普通高等院校": .university, "普通高等学校": .university, "高等院校": .university,
        "中等职业学校": .vocational, "职业学校": .vocational, "职业院校": .vocational,
        "技工院校": .technical, "技工学校": .technical, "技师学院": .technical,
        "普通高中": .seniorHigh, "高级中学": .seniorHigh, "初级中学": .juniorHigh, "初中": .juniorHigh,
        "九年一贯制学校": .nineYear, "十二年一贯制学校": .twelveYear, "完全中学": .twelveYear,
        "小学": .primary, "特殊教育学校": .special,
        "幼儿园": .kindergarten, "托幼机构": .kindergarten,
        "集体用餐配送单位": .caterer,
    ]

    public var chinese: String {
        switch self {
        case .university: "普通高等院校"
        case .vocational: "中等职业学校"
        case .technical: "技工院校"
        case .seniorHigh: "普通高中"
        case .juniorHigh: "初级中学"
        case .nineYear: "九年一贯制学校"
        case .twelveYear: "十二年一贯制学校"
        case .primary: "小学"
        case .special: "特殊教育学校"
        case .kindergarten: "幼儿园"
        case .caterer: "集体用餐配送单位"
        }
    }

    /// Who usually supervises this type (art 4): 人社 for 技工院校, the regulator for caterers, else education.
    public var usualDepartment: Department {
        switch self {
        case .technical: .humanResources
        case .caterer: .marketSupervision
        default: .education
        }
    }

    static func read(_ text: String, column: String) throws(ValueFault) -> SchoolType {
        guard let type = words[text] else {
            throw ValueFault(
                .schoolTypeUnknown, column: column, value: text, allowed: allCases.map(\.chinese).joined(separator: "、")
            )
        }
        return type
    }
}

extension Department {
    static let words: [String: Department] = [
        "市场监管": .marketSupervision, "市场监督管理": .marketSupervision,
        "教育": .education,
        "人力资源和社会保障": .humanResources, "人社": .humanResources, "人力资源社会保障": .humanResources,
    ]

    public var chinese: String {
        switch self {
        case .marketSupervision: "市场监管"
        case .education: "教育"
        case .humanResources: "人力资源和社会保障"
        }
    }

    static func read(_ text: String, column: String) throws(ValueFault) -> Department {
        guard let department = words[text] else {
            throw ValueFault(
                .departmentUnknown, column: column, value: text,
                allowed: allCases.map(\.chinese).joined(separator: "、"))
        }
        return department
    }
}

extension OrganLevel {
    static let words: [String: OrganLevel] = ["市级": .city, "县级": .county, "基层": .station, "基层所": .station]

    public var chinese: String {
        switch self {
        case .city: "市级"
        case .county: "县级"
        case .station: "基层所"
        }
    }

    static func read(_ text: String, column: String) throws(ValueFault) -> OrganLevel {
        guard let level = words[text] else {
            throw ValueFault(.levelUnknown, column: column, value: text, allowed: "市级、县级（基层所请用 --stations 导入）")
        }
        return level
    }
}

extension CameraStatus {
    public var chinese: String {
        switch self {
        case .pending: "待审核"
        case .active: "在线"
        case .degraded: "有故障"
        case .offline: "离线"
        }
    }
}
