import Calendar
import Contracts

/// A day on which a school does not do what its terms say.
public enum MealDayKind: String, CaseIterable, Sendable {
    /// 停餐: no meal on a day of the term.
    case none
    /// 加餐: meals on a day that usually has none.
    case extra

    public var chinese: String {
        switch self {
        case .none: "停餐"
        case .extra: "供餐"
        }
    }

    static func read(_ text: String, column: String) throws(ValueFault) -> MealDayKind {
        guard let kind = allCases.first(where: { $0.chinese == text }) else {
            throw ValueFault(.dayKindUnknown, column: column, value: text, allowed: "停餐、供餐")
        }
        return kind
    }
}

public enum MealDayColumn: String, ImportColumn {
    case creditCode = "统一社会信用代码"
    case day = "日期"
    case kind = "类型"
    case note = "说明"

    public var isRequired: Bool { self != .note }
}

public struct MealDayLine: ImportLine, Hashable {
    public typealias Column = MealDayColumn
    public static let kind = "meal-days"

    public struct Rules: Sendable { public init() {} }

    public var creditCode: String
    public var day: LocalDate
    public var mealDay: MealDayKind
    public var note: String?

    public static func read(_ cells: [MealDayColumn: String], _ rules: Rules) -> ImportLineResult<MealDayLine> {
        var reader = LineReader(cells)
        let creditCode = reader.value(.creditCode, CreditCode.init)
        let day = reader.value(.day, ClerkDate.parse)
        let kind = reader.value(.kind, MealDayKind.read)
        let note = reader.freeText(.note)
        guard reader.faults.isEmpty, let creditCode, let day, let kind else { return .refused(reader.faults) }
        return .accepted(MealDayLine(creditCode: creditCode.text, day: day, mealDay: kind, note: note))
    }
}
