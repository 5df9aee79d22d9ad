/// 供餐方式 (art 13).
public enum ServingMode: String, CaseIterable, Sendable {
    /// The school runs the canteen.
    case own = "自营"
    /// Run by a contractor.
    case contracted = "承包"
    /// Meals from a caterer, whose licence the line must name.
    case delivered = "校外供餐"
    /// The institution is the caterer itself.
    case caters = "集体配送"

    static func read(_ text: String, column: String) throws(ValueFault) -> ServingMode {
        guard let mode = ServingMode(rawValue: text) else {
            throw ValueFault(
                .servingModeUnknown, column: column, value: text,
                allowed: allCases.map(\.rawValue).joined(separator: "、"))
        }
        return mode
    }
}

extension ServingMode {
    /// Latin key for texts and styles.
    public var key: String {
        switch self {
        case .own: "own"
        case .contracted: "contracted"
        case .delivered: "delivered"
        case .caters: "caters"
        }
    }
}
