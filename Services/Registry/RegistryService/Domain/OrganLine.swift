import Contracts

public enum OrganColumn: String, ImportColumn {
    case name = "机构名称"
    case department = "部门"
    case level = "级别"
    case division = "行政区划代码"
    case parent = "上级机构"

    public var isRequired: Bool { true }
}

/// A city or county organ. The parent comes before it in the file, or is registered already.
public struct OrganLine: ImportLine, Hashable {
    public typealias Column = OrganColumn
    public static let kind = "organs"

    public struct Rules: Sendable { public init() {} }

    public var name: String
    public var department: Department
    public var level: OrganLevel
    public var divisionCode: String
    public var parent: String?

    public static func read(_ cells: [OrganColumn: String], _ rules: Rules) -> ImportLineResult<OrganLine> {
        var reader = LineReader(cells)
        let name = reader.name(.name)
        let department = reader.value(.department, Department.read)
        let level = reader.value(.level, OrganLevel.read)
        let parent = reader.optional(.parent)
        let division = reader.value(.division) { text, column throws(ValueFault) in
            guard text.utf8.count == 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                level == nil || text.hasSuffix("00") == (level == .city)
            else {
                throw ValueFault(
                    .divisionFormat, column: column, value: text, allowed: "6 位数字；市级以 00 结尾，县级不以 00 结尾")
            }
            return text
        }
        if level == .station {
            reader.note(
                ValueFault(
                    .levelUnknown, column: OrganColumn.level.rawValue, value: "基层所",
                    allowed: "市级、县级；基层所请用 --stations 导入"))
        }
        if level == .county, parent == nil {
            reader.note(
                ValueFault(.valueMissing, column: OrganColumn.parent.rawValue, value: "", allowed: "县级机构须填市级上级机构"))
        }
        guard reader.faults.isEmpty, let name, let department, let level, let division else {
            return .refused(reader.faults)
        }
        return .accepted(
            OrganLine(name: name, department: department, level: level, divisionCode: division, parent: parent))
    }
}
