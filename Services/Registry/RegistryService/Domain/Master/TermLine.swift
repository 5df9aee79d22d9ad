import Calendar
import Contracts

public enum TermColumn: String, ImportColumn {
    case creditCode = "统一社会信用代码"
    case name = "学期"
    case startsOn = "开始日期"
    case endsOn = "结束日期"

    public var isRequired: Bool { true }
}

/// A term of a school.
public struct TermLine: ImportLine, Hashable {
    public typealias Column = TermColumn
    public static let kind = "terms"

    public struct Rules: Sendable { public init() {} }

    public var creditCode: String
    public var term: SchoolTerm

    public static func read(_ cells: [TermColumn: String], _ rules: Rules) -> ImportLineResult<TermLine> {
        var reader = LineReader(cells)
        let creditCode = reader.value(.creditCode, CreditCode.init)
        let name = reader.name(.name)
        let span = reader.span(from: .startsOn, to: .endsOn)
        _ = reader.required(.endsOn)
        guard reader.faults.isEmpty, let creditCode, let name, let span, let last = span.to else {
            return .refused(reader.faults)
        }
        return .accepted(
            TermLine(
                creditCode: creditCode.text, term: SchoolTerm(name: name, startsOn: span.from, endsOn: last)))
    }
}
