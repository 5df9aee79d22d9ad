import Calendar
import Contracts

/// Reads the fields of a form one after the other and keeps every fault, so that a person corrects them in one go.
/// Values read after a fault are placeholders: call `done()` before using any.
public struct FormCheck {
    private let form: FormData
    public private(set) var faults: [FieldFault] = []

    init(_ form: FormData) { self.form = form }

    /// Throws 422 with all faults, if there are any.
    public func done() throws {
        guard faults.isEmpty else { throw Problem(faults: faults) }
    }

    public mutating func fail(_ fault: FieldFault) { faults.append(fault) }

    /// Required text of at most `maximum` characters, screened for personal data where asked.
    public mutating func text(_ name: String, maximum: Int, screened: Bool = false) -> String {
        guard let value = form.optional(name) else {
            faults.append(Self.missing(name))
            return ""
        }
        return limited(value, name, maximum, screened)
    }

    public mutating func optionalText(_ name: String, maximum: Int, screened: Bool = false) -> String? {
        form.optional(name).map { limited($0, name, maximum, screened) }
    }

    public mutating func choice<Value: RawRepresentable & CaseIterable>(_ name: String, _ type: Value.Type = Value.self)
        -> Value? where Value.RawValue == String
    {
        guard let text = form.optional(name) else {
            faults.append(Self.missing(name))
            return nil
        }
        if let value = Value(rawValue: text) { return value }
        faults.append(
            FieldFault(
                field: name, code: "not_allowed",
                detail: LocalizedText(zh: "请从选项中选择。", en: "Please choose one of the options."),
                allowed: Value.allCases.map(\.rawValue).joined(separator: ", ")))
        return nil
    }

    public mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int {
        let text = form.optional(name) ?? ""
        if let value = Int(text), range.contains(value) { return value }
        faults.append(
            text.isEmpty
                ? Self.missing(name)
                : FieldFault(
                    field: name, code: "not_in_range",
                    detail: LocalizedText(
                        zh: "请填写 \(range.lowerBound) 到 \(range.upperBound) 之间的整数。",
                        en: "Please give a whole number from \(range.lowerBound) to \(range.upperBound)."),
                    allowed: "\(range.lowerBound)…\(range.upperBound)"))
        return range.lowerBound
    }

    public mutating func date(_ name: String) -> LocalDate {
        let text = form.optional(name) ?? ""
        if let value = LocalDate(iso: text) { return value }
        faults.append(
            text.isEmpty
                ? Self.missing(name)
                : FieldFault(
                    field: name, code: "not_a_date",
                    detail: LocalizedText(zh: "请填写日期，例如 2026-11-23。", en: "Please give a date such as 2026-11-23."),
                    allowed: "YYYY-MM-DD"))
        return LocalDate(daysSinceEpoch: 0)
    }

    public mutating func id<ID: Identifier>(_ name: String, as type: ID.Type = ID.self) -> ID {
        let text = form.optional(name) ?? ""
        if WellFormed.isIdentifier(text) { return ID(rawValue: text) }
        faults.append(
            text.isEmpty
                ? Self.missing(name)
                : FieldFault(
                    field: name, code: "not_an_id", detail: LocalizedText(zh: "编号格式不正确。", en: "This is not an id."),
                    allowed: "A–Z a–z 0–9 - _ ."))
        return ID(rawValue: text)
    }

    private mutating func limited(_ value: String, _ name: String, _ maximum: Int, _ screened: Bool) -> String {
        if value.count > maximum {
            faults.append(
                FieldFault(
                    field: name, code: "too_long",
                    detail: LocalizedText(zh: "最多 \(maximum) 个字。", en: "At most \(maximum) characters."),
                    allowed: "≤ \(maximum)"))
        }
        if screened, let fault = PersonalDataScreen.fault(field: name, text: value) { faults.append(fault) }
        return value
    }

    static func missing(_ name: String) -> FieldFault {
        FieldFault(field: name, code: "missing", detail: LocalizedText(zh: "此项必填。", en: "This field is required."))
    }
}
