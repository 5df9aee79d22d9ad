import Contracts

public enum TownshipColumn: String, ImportColumn {
    case code = "township_code"
    case name = "township_name"
    case division = "division_code"
    case divisionName = "division_name"

    public var isRequired: Bool { true }
}

/// A town, subdistrict or functional zone (功能区), as in the public list of divisions, whose English header it keeps.
public struct TownshipLine: ImportLine, Hashable {
    public typealias Column = TownshipColumn
    public static let kind = "townships"

    public struct Rules: Sendable { public init() {} }

    public var code: String
    public var name: String
    public var divisionCode: String
    public var divisionName: String

    public static func read(_ cells: [TownshipColumn: String], _ rules: Rules) -> ImportLineResult<TownshipLine> {
        var reader = LineReader(cells)
        let division = reader.value(.division) { text, column throws(ValueFault) in
            guard text.utf8.count == 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw ValueFault(.divisionFormat, column: column, value: text, allowed: "6 位数字")
            }
            return text
        }
        let code = reader.value(.code) { text, column throws(ValueFault) in
            guard text.utf8.count == 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                division == nil || text.hasPrefix(division ?? "")
            else { throw ValueFault(.townshipCodeFormat, column: column, value: text, allowed: "9 位数字，前 6 位为区划代码") }
            return text
        }
        let name = reader.name(.name)
        let divisionName = reader.name(.divisionName)
        guard reader.faults.isEmpty, let code, let name, let division, let divisionName else {
            return .refused(reader.faults)
        }
        return .accepted(
            TownshipLine(code: code, name: name, divisionCode: division, divisionName: divisionName))
    }
}
