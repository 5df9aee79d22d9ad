import Calendar
import Contracts

/// What a caterer is certified for (art 13).
public enum CertificateKind: String, CaseIterable, Sendable {
    case haccp
    case iso22000

    public var chinese: String {
        switch self {
        case .haccp: "HACCP"
        case .iso22000: "ISO 22000"
        }
    }

    /// The notice prints "IS0 22000", with a zero; that, spaces, hyphens and a year after the number are all accepted.
    static func read(_ text: String, column: String) throws(ValueFault) -> CertificateKind {
        let plain = text.uppercased().filter { !" -－:：　".contains($0) }
        if plain == "HACCP" { return .haccp }
        if plain.hasPrefix("ISO22000") || plain.hasPrefix("IS022000") { return .iso22000 }
        throw ValueFault(.certificateKindUnknown, column: column, value: text, allowed: "HACCP、ISO 22000")
    }
}

public enum CertificateColumn: String, ImportColumn {
    case creditCode = "统一社会信用代码"
    case kind = "认证类型"
    case number = "证书编号"
    case body = "发证机构"
    case validFrom = "有效期自"
    case validTo = "有效期至"

    public var isRequired: Bool { true }
}

/// A certificate of a caterer, with number, body and days.
public struct CertificateLine: ImportLine, Hashable {
    public typealias Column = CertificateColumn
    public static let kind = "certificates"

    public struct Rules: Sendable {
        public let today: LocalDate
    }

    public var creditCode: String
    public var certificate: CertificateKind
    public var number: String
    public var body: String
    public var validFrom: LocalDate
    /// Inclusive.
    public var validTo: LocalDate

    public static func read(
        _ cells: [CertificateColumn: String], _ rules: Rules
    ) -> ImportLineResult<CertificateLine> {
        var reader = LineReader(cells)
        let creditCode = reader.value(.creditCode, CreditCode.init)
        let kind = reader.value(.kind, CertificateKind.read)
        let number = reader.name(.number)
        let body = reader.name(.body)
        let span = reader.span(from: .validFrom, to: .validTo)
        _ = reader.required(.validTo)
        if let span, span.from > rules.today {
            reader.note(
                ValueFault(
                    .dateInFuture, column: CertificateColumn.validFrom.rawValue, value: span.from.iso,
                    allowed: "不晚于今天（\(rules.today.iso)）"))
        }
        guard reader.faults.isEmpty, let creditCode, let kind, let number, let body, let span, let last = span.to
        else { return .refused(reader.faults) }
        return .accepted(
            CertificateLine(
                creditCode: creditCode.text, certificate: kind, number: number, body: body, validFrom: span.from,
                validTo: last))
    }
}
