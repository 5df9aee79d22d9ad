import Calendar
import Contracts

public enum StaffColumn: String, ImportColumn {
    case name = "姓名"
    case login = "登录名"
    case role = "角色"
    case organ = "机构"
    case school = "学校"
    case validFrom = "任职日期"
    case validTo = "离任日期"

    public var isRequired: Bool { self != .validFrom && self != .validTo }
}

/// An account of a person in a role. The school is named by credit code or by its registered name.
public struct StaffLine: ImportLine, Hashable {
    public typealias Column = StaffColumn
    public static let kind = "staff"

    public struct Rules: Sendable {
        public let today: LocalDate
    }

    public var name: String
    public var login: String
    public var role: Role
    public var organ: String?
    public var school: String?
    /// nil = from the day of the import that brings the account.
    public var validFrom: LocalDate?
    /// Last day, inclusive.
    public var validTo: LocalDate?

    public static func read(_ cells: [StaffColumn: String], _ rules: Rules) -> ImportLineResult<StaffLine> {
        var reader = LineReader(cells)
        let name = reader.name(.name)
        let login = reader.value(.login, LoginName.read)
        let role = reader.value(.role, Role.read)
        let organ = reader.optional(.organ)
        let school = reader.optional(.school)
        let validFrom = reader.optionalValue(.validFrom, ClerkDate.parse)
        let validTo = reader.optionalValue(.validTo, ClerkDate.parse)
        if let validFrom, let validTo, validTo < validFrom {
            reader.note(
                ValueFault(
                    .dateOrder, column: StaffColumn.validTo.rawValue, value: validTo.iso,
                    allowed: "不早于任职日期 \(validFrom.iso)"))
        }
        if let role { checkScope(&reader, role, organ: organ, school: school) }
        guard reader.faults.isEmpty, let name, let login, let role else { return .refused(reader.faults) }
        return .accepted(
            StaffLine(
                name: name, login: login, role: role, organ: organ, school: school, validFrom: validFrom,
                validTo: validTo))
    }

    private static func checkScope(
        _ reader: inout LineReader<StaffColumn>, _ role: Role, organ: String?, school: String?
    ) {
        let wanted: (organ: Bool, school: Bool)
        switch role.scope {
        case .organ: wanted = (true, false)
        case .school, .caterer: wanted = (false, true)
        case .platform, nil: wanted = (false, false)
        }
        if wanted.organ != (organ != nil) {
            reader.note(
                ValueFault(
                    .roleScope, column: StaffColumn.organ.rawValue, value: organ ?? "",
                    allowed: wanted.organ ? "\(role.chinese)必须填写机构" : "\(role.chinese)的机构留空"))
        }
        if wanted.school != (school != nil) {
            reader.note(
                ValueFault(
                    .roleScope, column: StaffColumn.school.rawValue, value: school ?? "",
                    allowed: wanted.school ? "\(role.chinese)必须填写学校（统一社会信用代码或名称）" : "\(role.chinese)的学校留空"))
        }
    }
}
