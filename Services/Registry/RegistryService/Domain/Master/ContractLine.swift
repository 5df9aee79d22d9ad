import Calendar
import Contracts

public enum ContractColumn: String, ImportColumn {
    case number = "合同编号"
    case creditCode = "统一社会信用代码"
    case canteenName = "食堂名称"
    case caterer = "供餐单位许可证编号"
    case startsOn = "开始日期"
    case endsOn = "结束日期"
    case meals = "餐次"
    case diners = "用餐人数"
    case choiceReason = "选用理由"
    case endedOn = "终止日期"
    case endReason = "终止原因"

    public var isRequired: Bool {
        switch self {
        case .choiceReason, .endedOn, .endReason: false
        default: true
        }
    }
}

/// A catering contract of one canteen with one caterer (art 13).
public struct ContractLine: ImportLine, Hashable {
    public typealias Column = ContractColumn
    public static let kind = "contracts"

    public struct Rules: Sendable {
        public let today: LocalDate
    }

    public var number: String
    public var creditCode: String
    public var canteenName: String
    public var caterer: String
    public var startsOn: LocalDate
    /// Inclusive; nil = open.
    public var endsOn: LocalDate?
    public var meals: [Meal]
    public var diners: Int
    public var choiceReason: String?
    public var endedOn: LocalDate?
    public var endReason: ContractEnd?

    public static func read(_ cells: [ContractColumn: String], _ rules: Rules) -> ImportLineResult<ContractLine> {
        var reader = LineReader(cells)
        let number = reader.name(.number)
        let creditCode = reader.value(.creditCode, CreditCode.init)
        let canteenName = reader.name(.canteenName)
        let caterer = reader.value(.caterer, LicenceNumber.init)
        let span = reader.span(from: .startsOn, to: .endsOn)
        let meals = reader.value(.meals, Meal.list)
        let diners = reader.number(.diners, in: 1...100_000)
        let choiceReason = reader.freeText(.choiceReason)
        let endedOn = reader.optionalValue(.endedOn, ClerkDate.parse)
        let endReason = reader.optionalValue(.endReason, ContractEnd.read)
        if let caterer, caterer.form != LicenceNumber.catererForm {
            reader.note(
                ValueFault(
                    .licenceForm, column: ContractColumn.caterer.rawValue, value: caterer.text,
                    allowed: "集体用餐配送单位的餐饮服务许可证（JY2 开头）"))
        }
        if (endedOn == nil) != (endReason == nil) {
            reader.note(
                ValueFault(
                    .valueMissing, column: ContractColumn.endReason.rawValue, value: "", allowed: "终止日期与终止原因须同时填写"))
        }
        if let endedOn, let span, endedOn < span.from || endedOn > (span.to ?? endedOn) {
            reader.note(
                ValueFault(
                    .dateOrder, column: ContractColumn.endedOn.rawValue, value: endedOn.iso, allowed: "在合同期限之内"))
        }
        if let endedOn, endedOn > rules.today {
            reader.note(
                ValueFault(
                    .dateInFuture, column: ContractColumn.endedOn.rawValue, value: endedOn.iso,
                    allowed: "不晚于今天（\(rules.today.iso)）；将来终止请改结束日期"))
        }
        guard reader.faults.isEmpty, let number, let creditCode, let canteenName, let caterer, let span, let meals,
            let diners
        else { return .refused(reader.faults) }
        return .accepted(
            ContractLine(
                number: number, creditCode: creditCode.text, canteenName: canteenName, caterer: caterer.text,
                startsOn: span.from, endsOn: span.to, meals: meals, diners: diners, choiceReason: choiceReason,
                endedOn: endedOn, endReason: endReason))
    }
}
