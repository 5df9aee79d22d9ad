import Contracts

public enum StationColumn: String, ImportColumn {
    case name = "机构名称"
    case parent = "上级机构"
    case division = "行政区划代码"
    case townships = "镇街"

    public var isRequired: Bool { true }
}

/// A station (基层监管所) and the townships it covers.
public struct StationLine: ImportLine, Hashable {
    public typealias Column = StationColumn
    public static let kind = "stations"

    public struct Rules: Sendable {
        public let jurisdiction: Jurisdiction
    }

    public var name: String
    public var parent: String
    public var divisionCode: String
    public var townships: [String]

    public static func read(_ cells: [StationColumn: String], _ rules: Rules) -> ImportLineResult<StationLine> {
        var reader = LineReader(cells)
        let name = reader.name(.name)
        let parent = reader.required(.parent)
        let division = reader.value(.division) { text, column throws(ValueFault) in
            guard rules.jurisdiction.isDivision(text) else {
                throw ValueFault(
                    .divisionUnknown, column: column, value: text, allowed: rules.jurisdiction.divisionsExplained)
            }
            return text
        }
        let townships = reader.required(.townships)?
            .split(whereSeparator: { "、，,；;".contains($0) }).map(String.init)
        guard reader.faults.isEmpty, let name, let parent, let division, let townships else {
            return .refused(reader.faults)
        }
        return .accepted(
            StationLine(name: name, parent: parent, divisionCode: division, townships: Array(Set(townships)).sorted()))
    }
}
