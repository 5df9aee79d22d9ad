import Calendar
import Hummingbird

/// What the auditor looks for; every part is optional.
struct AuditFilter: Sendable {
    var person: String?
    var object: String?
    var action: String?
    var address: String?
    var correlation: String?
    var from: LocalDate?
    var to: LocalDate?

    static let names = ["person", "object", "action", "address", "correlation", "from", "to"]

    /// 422 for dates that are none and texts that nothing could match.
    init(_ request: Request) throws {
        person = try Self.text(request, "person")
        object = try Self.text(request, "object")
        action = try Self.text(request, "action")
        address = try Self.text(request, "address")
        correlation = try Self.text(request, "correlation")
        from = try Self.date(request, "from")
        to = try Self.date(request, "to")
        if let from, let to, to < from {
            throw Problem.invalid(
                "to", code: "before_from", zh: "结束日期早于开始日期。", en: "The last day is before the first.",
                allowed: "≥ \(from.iso)")
        }
    }

    /// Start of the first day in the city.
    var start: Instant? { from?.start }
    /// End of the last day.
    var end: Instant? { to?.adding(days: 1).start }

    /// Query of a page that keeps the filter.
    func query(_ request: Request) throws -> String {
        try Self.names.compactMap { name in
            try request.query(name).flatMap { $0.isEmpty ? nil : "\(name)=\(PercentEncoding.queryValue($0))" }
        }.joined(separator: "&")
    }

    private static func text(_ request: Request, _ name: String) throws -> String? {
        guard let text = try request.query(name)?.trimmed, !text.isEmpty else { return nil }
        guard text.count <= 200, WellFormed.isText(text) else {
            throw Problem.invalid(
                name, code: "too_long", zh: "最多 200 个字。", en: "At most 200 characters.", allowed: "≤ 200")
        }
        return text
    }

    private static func date(_ request: Request, _ name: String) throws -> LocalDate? {
        guard let text = try request.query(name)?.trimmed, !text.isEmpty else { return nil }
        guard let date = LocalDate(iso: text) else {
            throw Problem.invalid(
                name, code: "not_a_date", zh: "请填写日期。", en: "This is not a date.", allowed: "YYYY-MM-DD")
        }
        return date
    }
}
