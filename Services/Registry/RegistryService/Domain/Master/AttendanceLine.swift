import Calendar
import Contracts

public enum AttendanceColumn: String, ImportColumn {
    case code = "培训编号"
    case login = "登录名"
    case creditCode = "统一社会信用代码"
    case name = "姓名"
    case score = "成绩"

    public var isRequired: Bool { self == .code }
}

/// Who was at a training: by account, or a responsible person by institution and name.
public struct AttendanceLine: ImportLine, Hashable {
    public typealias Column = AttendanceColumn
    public static let kind = "attendance"

    public struct Rules: Sendable { public init() {} }

    public var code: String
    public var login: String?
    public var creditCode: String?
    public var name: String?
    public var score: Int?

    public static func read(
        _ cells: [AttendanceColumn: String], _ rules: Rules
    ) -> ImportLineResult<AttendanceLine> {
        var reader = LineReader(cells)
        let code = reader.name(.code)
        let login = reader.optionalValue(.login, LoginName.read)
        let creditCode = reader.optionalValue(.creditCode, CreditCode.init)
        let name = reader.text(.name)
        let score = reader.optional(.score) == nil ? nil : reader.number(.score, in: 0...100)
        if login == nil, creditCode == nil || name == nil {
            reader.note(
                ValueFault(
                    .valueMissing, column: AttendanceColumn.login.rawValue, value: "",
                    allowed: "登录名，或统一社会信用代码和姓名"))
        }
        guard reader.faults.isEmpty, let code else { return .refused(reader.faults) }
        return .accepted(
            AttendanceLine(
                code: code, login: login, creditCode: login == nil ? creditCode?.text : nil,
                name: login == nil ? name : nil, score: score))
    }
}
