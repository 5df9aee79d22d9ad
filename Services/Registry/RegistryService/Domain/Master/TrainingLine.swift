import Calendar
import Contracts

/// Whom a training is for (art 11).
public enum TrainingAudience: String, CaseIterable, Sendable {
    /// 监管人员, stations above all.
    case regulators
    /// 食品安全管理人员 of schools.
    case safetyAdministrators = "safety_administrators"
    /// 平台操作人员.
    case platformOperators = "platform_operators"
    /// 食堂从业人员.
    case canteenStaff = "canteen_staff"

    public var chinese: String {
        switch self {
        case .regulators: "监管人员"
        case .safetyAdministrators: "食品安全管理人员"
        case .platformOperators: "平台操作人员"
        case .canteenStaff: "食堂从业人员"
        }
    }

    static func read(_ text: String, column: String) throws(ValueFault) -> TrainingAudience {
        guard let audience = allCases.first(where: { $0.chinese == text }) else {
            throw ValueFault(
                .audienceUnknown, column: column, value: text,
                allowed: allCases.map(\.chinese).joined(separator: "、"))
        }
        return audience
    }
}

public enum TrainingColumn: String, ImportColumn {
    case code = "培训编号"
    case plan = "培训计划"
    case title = "主题"
    case audience = "培训对象"
    case organ = "组织机构"
    case creditCode = "组织单位信用代码"
    case heldOn = "举办日期"
    case hours = "学时"
    case passMark = "合格分数"

    public var isRequired: Bool {
        switch self {
        case .plan, .organ, .creditCode, .passMark: false
        default: true
        }
    }
}

/// A training session, planned while its day lies ahead.
public struct TrainingLine: ImportLine, Hashable {
    public typealias Column = TrainingColumn
    public static let kind = "training"

    public struct Rules: Sendable { public init() {} }

    public var code: String
    public var plan: String?
    public var title: String
    public var audience: TrainingAudience
    public var organ: String?
    public var creditCode: String?
    public var heldOn: LocalDate
    public var hours: Int
    /// nil = no exam.
    public var passMark: Int?

    public static func read(_ cells: [TrainingColumn: String], _ rules: Rules) -> ImportLineResult<TrainingLine> {
        var reader = LineReader(cells)
        let code = reader.name(.code)
        let plan = reader.text(.plan)
        let title = reader.required(.title) == nil ? nil : reader.freeText(.title)
        let audience = reader.value(.audience, TrainingAudience.read)
        let organ = reader.text(.organ)
        let creditCode = reader.optionalValue(.creditCode, CreditCode.init)
        let heldOn = reader.value(.heldOn, ClerkDate.parse)
        let hours = reader.number(.hours, in: 1...100)
        let passMark = reader.optional(.passMark) == nil ? nil : reader.number(.passMark, in: 0...100)
        if (organ == nil) == (creditCode == nil) {
            reader.note(
                ValueFault(
                    .valueMissing, column: TrainingColumn.organ.rawValue, value: organ ?? "",
                    allowed: "组织机构与组织单位信用代码填写其一"))
        }
        guard reader.faults.isEmpty, let code, let title, let audience, let heldOn, let hours else {
            return .refused(reader.faults)
        }
        return .accepted(
            TrainingLine(
                code: code, plan: plan, title: title, audience: audience, organ: organ,
                creditCode: creditCode?.text, heldOn: heldOn, hours: hours, passMark: passMark))
    }
}
