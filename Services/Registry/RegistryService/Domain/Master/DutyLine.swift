import Calendar
import Contracts

/// What a named person of a school or caterer is responsible for (art 8, 9; 食品安全法实施 and SAMR order 60).
public enum Duty: String, CaseIterable, Sendable {
    /// 校长、园长、法定代表人: first responsible.
    case principal
    /// 食品安全总监.
    case safetyDirector = "safety_director"
    /// 食品安全员.
    case safetyAdministrator = "safety_administrator"
    /// 视频存储专人.
    case videoKeeper = "video_keeper"
    /// 数据维护专人; may be the same person.
    case dataKeeper = "data_keeper"

    public var chinese: String {
        switch self {
        case .principal: "主要负责人"
        case .safetyDirector: "食品安全总监"
        case .safetyAdministrator: "食品安全员"
        case .videoKeeper: "视频存储专人"
        case .dataKeeper: "数据维护专人"
        }
    }

    static func read(_ text: String, column: String) throws(ValueFault) -> Duty {
        if ["校长", "园长", "院长", "法定代表人"].contains(text) { return .principal }
        guard let duty = allCases.first(where: { $0.chinese == text }) else {
            throw ValueFault(
                .dutyUnknown, column: column, value: text, allowed: allCases.map(\.chinese).joined(separator: "、"))
        }
        return duty
    }

    /// Diners from which a food-safety director is mandatory: 托幼 300, schools 500; a caterer always needs one.
    public static func directorThreshold(_ type: SchoolType) -> Int {
        switch type {
        case .kindergarten: 300
        case .caterer: 0
        default: 500
        }
    }

    /// What an institution of this type with a canteen of this many diners must have.
    public static func required(_ type: SchoolType, diners: Int) -> [Duty] {
        allCases.filter { $0 != .safetyDirector || diners >= directorThreshold(type) }
    }
}

public enum DutyColumn: String, ImportColumn {
    case creditCode = "统一社会信用代码"
    case canteenName = "食堂名称"
    case duty = "职责"
    case name = "姓名"
    case login = "登录名"
    case validFrom = "任职日期"
    case validTo = "离任日期"

    public var isRequired: Bool { self != .canteenName && self != .login && self != .validTo }
}

/// A responsible person (责任人) of an institution, or of one of its canteens.
public struct DutyLine: ImportLine, Hashable {
    public typealias Column = DutyColumn
    public static let kind = "duties"

    public struct Rules: Sendable { public init() {} }

    public var creditCode: String
    public var canteenName: String?
    public var duty: Duty
    public var name: String
    /// Account of the person, where there is one.
    public var login: String?
    public var validFrom: LocalDate
    public var validTo: LocalDate?

    public static func read(_ cells: [DutyColumn: String], _ rules: Rules) -> ImportLineResult<DutyLine> {
        var reader = LineReader(cells)
        let creditCode = reader.value(.creditCode, CreditCode.init)
        let canteenName = reader.text(.canteenName)
        let duty = reader.value(.duty, Duty.read)
        let name = reader.name(.name)
        let login = reader.optionalValue(.login, LoginName.read)
        let span = reader.span(from: .validFrom, to: .validTo)
        guard reader.faults.isEmpty, let creditCode, let duty, let name, let span else {
            return .refused(reader.faults)
        }
        return .accepted(
            DutyLine(
                creditCode: creditCode.text, canteenName: canteenName, duty: duty, name: name, login: login,
                validFrom: span.from, validTo: span.to))
    }
}
