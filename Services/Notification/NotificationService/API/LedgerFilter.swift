import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// What somebody looks for in the delivery ledger. There is always a span of days: the last thirty unless others are
/// named, a year at most.
struct LedgerFilter: Sendable {
    static let usualDays = 30
    static let maximumDays = 366

    var channel: LedgerChannel?
    var state: LedgerState?
    var severity: Int?
    /// Id of a canteen, a person, an endpoint or an event.
    var text: String?
    var from: LocalDate
    var to: LocalDate

    /// 422 with every value that cannot be looked for.
    init(_ request: Request, now: Instant) throws {
        let today = LocalDate(now)
        var faults: [FieldFault] = []
        to = today
        from = today.adding(days: 1 - Self.usualDays)
        if let value = try request.query("to") {
            if let date = LocalDate(iso: value) { to = date } else { faults.append(Self.notADate("to")) }
            from = to.adding(days: 1 - Self.usualDays)
        }
        if let value = try request.query("from") {
            if let date = LocalDate(iso: value) { from = date } else { faults.append(Self.notADate("from")) }
        }
        if let value = try request.query("channel") {
            channel = LedgerChannel(rawValue: value)
            if channel == nil {
                faults.append(Self.notAllowed("channel", LedgerChannel.allCases.map(\.rawValue)))
            }
        }
        if let value = try request.query("state") {
            state = LedgerState(rawValue: value)
            if state == nil { faults.append(Self.notAllowed("state", LedgerState.allCases.map(\.rawValue))) }
        }
        if let value = try request.query("severity") {
            severity = Int(value).flatMap { (1...3).contains($0) ? $0 : nil }
            if severity == nil { faults.append(Self.notAllowed("severity", ["1", "2", "3"])) }
        }
        if let value = try request.query("q") {
            text = value
            if !WellFormed.isIdentifier(value) { faults.append(Self.notAnId) }
        }
        if faults.isEmpty, from > to || from.adding(days: Self.maximumDays) < to {
            faults.append(
                FieldFault(
                    field: "from", code: "span_not_allowed",
                    detail: LocalizedText(
                        zh: "起始日期须不晚于结束日期，最长一年。", en: "The first day must not lie after the last; a year at most."),
                    allowed: "≤ \(Self.maximumDays) days"))
        }
        guard faults.isEmpty else { throw Problem(faults: faults) }
    }

    private static func notADate(_ field: String) -> FieldFault {
        FieldFault(
            field: field, code: "not_a_date",
            detail: LocalizedText(zh: "请填写日期，例如 2026-11-23。", en: "Please give a date such as 2026-11-23."),
            allowed: "YYYY-MM-DD")
    }

    private static func notAllowed(_ field: String, _ values: [String]) -> FieldFault {
        FieldFault(
            field: field, code: "not_allowed",
            detail: LocalizedText(zh: "请从选项中选择。", en: "Please choose one of the options."),
            allowed: values.joined(separator: ", "))
    }

    private static let notAnId = FieldFault(
        field: "q", code: "not_an_id",
        detail: LocalizedText(
            zh: "请填写食堂、人员、接收端或事件的编号。", en: "Please give the id of a canteen, a person, an endpoint or an event."),
        allowed: "A–Z a–z 0–9 - _ .")

    /// The span of days, on `ledger_entry l`.
    var span: SQL { "l.queued_at >= \(from.start) AND l.queued_at < \(to.adding(days: 1).start)" }

    /// Everything but the span, each beginning with AND.
    var conditions: SQL {
        var sql: SQL = ""
        if let channel { sql += "AND l.channel = \(channel) " }
        if let state { sql += "AND l.state = \(state) " }
        if let severity { sql += "AND l.severity = \(severity) " }
        if let text { sql += "AND \(text) IN (l.canteen_id, l.person_id, l.endpoint_id, l.event_id) " }
        return sql
    }

    /// For links that keep the filter.
    var query: String {
        let pairs: [(String, String?)] = [
            ("channel", channel?.rawValue), ("state", state?.rawValue), ("severity", severity.map(String.init)),
            ("q", text), ("from", from.iso), ("to", to.iso),
        ]
        return "?"
            + pairs.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.queryValue($0))" } }
            .joined(separator: "&")
    }
}
