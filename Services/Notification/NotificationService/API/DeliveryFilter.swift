import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// What somebody looks for among the messages of an endpoint.
struct DeliveryFilter: Sendable {
    var state: WebhookDelivery.State?
    var eventType: String?
    /// Id of a message, an event or a canteen.
    var text: String?
    /// Result of an attempt: an HTTP status, or an error code.
    var result: String?
    var from: LocalDate?
    var to: LocalDate?

    static let none = DeliveryFilter()

    init() {}

    /// 422 with every value that cannot be looked for.
    init(_ request: Request) throws {
        var faults: [FieldFault] = []
        if let value = try request.query("state") {
            state = WebhookDelivery.State(rawValue: value)
            if state == nil { faults.append(Self.notAllowed("state", WebhookDelivery.State.allCases.map(\.rawValue))) }
        }
        if let value = try request.query("type") {
            eventType = value
            let types = WebhookEventType.all + [WebhookEventType.test]
            if !types.contains(value) { faults.append(Self.notAllowed("type", types)) }
        }
        if let value = try request.query("q") {
            text = value
            if !WellFormed.isIdentifier(value) {
                faults.append(
                    FieldFault(
                        field: "q", code: "not_an_id",
                        detail: LocalizedText(
                            zh: "请填写消息、事件或食堂的编号。", en: "Please give the id of a message, an event or a canteen."),
                        allowed: "A–Z a–z 0–9 - _ ."))
            }
        }
        if let value = try request.query("result") {
            result = value
            if value.wholeMatch(of: /[1-5][0-9][0-9]|[a-z_]{1,40}/) == nil {
                faults.append(Self.notAllowed("result", ["100…599", "timed_out", "connection_lost", "…"]))
            }
        }
        from = try Self.date("from", request, &faults)
        to = try Self.date("to", request, &faults)
        guard faults.isEmpty else { throw Problem(faults: faults) }
    }

    private static func date(
        _ name: String, _ request: Request, _ faults: inout [FieldFault]
    ) throws -> LocalDate? {
        guard let text = try request.query(name) else { return nil }
        if let date = LocalDate(iso: text) { return date }
        faults.append(
            FieldFault(
                field: name, code: "not_a_date",
                detail: LocalizedText(zh: "请填写日期，例如 2026-11-23。", en: "Please give a date such as 2026-11-23."),
                allowed: "YYYY-MM-DD"))
        return nil
    }

    private static func notAllowed(_ field: String, _ values: [String]) -> FieldFault {
        FieldFault(
            field: field, code: "not_allowed",
            detail: LocalizedText(zh: "请从选项中选择。", en: "Please choose one of the options."),
            allowed: values.joined(separator: ", "))
    }

    /// Conditions on `delivery d`, each beginning with AND.
    var conditions: SQL {
        var sql: SQL = ""
        if let state { sql += "AND d.state = \(state) " }
        if let eventType { sql += "AND d.event_type = \(eventType) " }
        if let text { sql += "AND \(text) IN (d.delivery_id, d.event_id, d.canteen_id) " }
        if let from { sql += "AND d.created_at >= \(from.start) " }
        if let to { sql += "AND d.created_at < \(to.adding(days: 1).start) " }
        if let result {
            let what: SQL = Int(result).map { "a.status = \($0)" } ?? "a.error = \(result)"
            sql += """
                AND EXISTS (SELECT 1 FROM delivery_attempt a WHERE a.delivery_id = d.delivery_id AND \(what))
                """
        }
        return sql
    }

    /// For links that keep the filter.
    var query: String {
        let pairs: [(String, String?)] = [
            ("state", state?.rawValue), ("type", eventType), ("q", text), ("result", result), ("from", from?.iso),
            ("to", to?.iso),
        ]
        let given = pairs.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.queryValue($0))" } }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }
}
