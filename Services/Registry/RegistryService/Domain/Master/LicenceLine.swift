import Calendar
import Contracts

public enum LicenceColumn: String, ImportColumn {
    case licence = "食品经营许可证编号"
    case creditCode = "统一社会信用代码"
    case canteenName = "食堂名称"
    case issuedOn = "发证日期"
    case validTo = "有效期至"
    case state = "许可证状态"
    case endedOn = "决定日期"
    case scope = "经营项目"
    case verifiedBy = "核实方式"

    public var isRequired: Bool { self != .scope && self != .verifiedBy }
}

/// One version of a canteen's licence; the one issued last is the current one.
public struct LicenceLine: ImportLine, Hashable {
    public typealias Column = LicenceColumn
    public static let kind = "licences"

    public struct Rules: Sendable {
        public let today: LocalDate
    }

    public var creditCode: String
    public var canteenName: String
    public var licence: Licence
    public var scope: String?
    public var verifiedBy: String?

    public static func read(_ cells: [LicenceColumn: String], _ rules: Rules) -> ImportLineResult<LicenceLine> {
        var reader = LineReader(cells)
        let number = reader.value(.licence, LicenceNumber.init)
        let creditCode = reader.value(.creditCode, CreditCode.init)
        let canteenName = reader.name(.canteenName)
        let issued = reader.value(.issuedOn, ClerkDate.parse)
        let validTo = reader.value(.validTo, ClerkDate.parse)
        let state = reader.value(.state, Licence.State.read)
        let endedOn = reader.optionalValue(.endedOn, ClerkDate.parse)
        let scope = reader.freeText(.scope)
        let verifiedBy = reader.freeText(.verifiedBy)
        for (column, day) in [(LicenceColumn.issuedOn, issued), (.endedOn, endedOn)] {
            guard let day, day > rules.today else { continue }
            reader.note(
                ValueFault(
                    .dateInFuture, column: column.rawValue, value: day.iso, allowed: "不晚于今天（\(rules.today.iso)）"))
        }
        if let issued, let validTo, validTo <= issued {
            reader.note(
                ValueFault(
                    .dateOrder, column: LicenceColumn.validTo.rawValue, value: validTo.iso,
                    allowed: "晚于发证日期 \(issued.iso)"))
        }
        if let state, (state == .valid) != (endedOn == nil) {
            reader.note(
                ValueFault(
                    .valueMissing, column: LicenceColumn.endedOn.rawValue, value: endedOn?.iso ?? "",
                    allowed: state == .valid ? "有效的许可证不填决定日期" : "\(state.chinese)须填决定日期"))
        }
        guard reader.faults.isEmpty, let number, let creditCode, let canteenName, let issued, let validTo, let state
        else { return .refused(reader.faults) }
        return .accepted(
            LicenceLine(
                creditCode: creditCode.text, canteenName: canteenName,
                licence: Licence(
                    number: number.text, issuedOn: issued, validTo: validTo, state: state, endedOn: endedOn),
                scope: scope, verifiedBy: verifiedBy))
    }
}

extension Licence.State {
    /// Words, and the codes of the public register: 10 valid, 20 expired (the dates decide), 30 and 60 cancelled,
    /// 40 revoked, 50 withdrawn.
    private static let words: [String: Licence.State] = [
        "有效": .valid, "10": .valid, "20": .valid, "过期": .valid, "吊销": .revoked, "40": .revoked,
        "注销": .cancelled, "30": .cancelled, "60": .cancelled, "撤销": .withdrawn, "50": .withdrawn,
    ]

    static func read(_ text: String, column: String) throws(ValueFault) -> Licence.State {
        guard let state = words[text] else {
            throw ValueFault(
                .licenceStateUnknown, column: column, value: text, allowed: "有效、吊销、注销、撤销，或代码 10、20、30、40、50、60")
        }
        return state
    }
}
