import Calendar

/// What people decided about a canteen's existence. Whether it operates also depends on its licence.
public struct CanteenLife: Hashable, Sendable {
    public enum Decision: String, CaseIterable, Sendable {
        case open
        /// 停业, for a time.
        case suspended
        /// 关闭.
        case closed
        /// 合并 into another canteen.
        case merged

        public var chinese: String {
            switch self {
            case .open: "正常"
            case .suspended: "停业"
            case .closed: "关闭"
            case .merged: "合并"
            }
        }

        static func read(_ text: String, column: String) throws(ValueFault) -> Decision {
            guard let decision = allCases.first(where: { $0.chinese == text }) else {
                throw ValueFault(
                    .lifeUnknown, column: column, value: text,
                    allowed: allCases.map(\.chinese).joined(separator: "、"))
            }
            return decision
        }
    }

    public static let open = CanteenLife(decision: .open)

    public var decision: Decision
    /// Absent while open.
    public var reason: String?
    /// First day of the decision.
    public var since: LocalDate?
    /// Licence number of the canteen it was merged into.
    public var mergedInto: String?
}

/// Where a canteen stands on a day: registered → operating → suspended | closed | merged.
public enum CanteenStage: String, Codable, CaseIterable, Sendable {
    /// Entered, its licence not yet in force.
    case registered
    case operating
    /// Stopped by a decision, or by the end of its licence.
    case suspended
    case closed
    case merged
}
