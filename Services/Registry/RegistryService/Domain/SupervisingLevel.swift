/// Level of the bureau that supervises an institution (dept_level); universities may stand under the province.
public enum SupervisingLevel: String, CaseIterable, Sendable {
    case province
    case city
    case county

    public var chinese: String {
        switch self {
        case .province: "省级"
        case .city: "市级"
        case .county: "县级"
        }
    }

    static func read(_ text: String, column: String) throws(ValueFault) -> SupervisingLevel {
        guard let level = allCases.first(where: { $0.chinese == text }) else {
            throw ValueFault(.supervisingLevelUnknown, column: column, value: text, allowed: "省级、市级、县级；留空按是否市直")
        }
        return level
    }
}
