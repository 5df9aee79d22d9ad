import HTTPTypes

/// A refusal that the client can act on: RFC 9457 problem details for programs, an error page for browsers.
///
/// Anything thrown that is not a `Problem` becomes 500 `internal_error` with nothing but a correlation id.
public struct Problem: Error, Hashable, Sendable {
    public var status: HTTPResponse.Status
    /// Stable, for programs: snake_case.
    public var code: String
    public var detail: LocalizedText
    /// The first faulty field; all of them are in `faults`.
    public var faults: [FieldFault]
    public var headers: [String: String]

    public var field: String? { faults.first?.field }
    public var allowed: String? { faults.first?.allowed }

    public init(
        _ status: HTTPResponse.Status, code: String, detail: LocalizedText, field: String? = nil,
        allowed: String? = nil,
        headers: [String: String] = [:]
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
        faults = field.map { [FieldFault(field: $0, code: code, detail: detail, allowed: allowed)] } ?? []
    }

    /// Several faulty fields at once: 422.
    public init(faults: [FieldFault]) {
        status = .unprocessableContent
        code = faults.count == 1 ? faults[0].code : "invalid_fields"
        detail =
            faults.count == 1
            ? faults[0].detail
            : LocalizedText(zh: "有 \(faults.count) 处填写有误。", en: "\(faults.count) fields need correction.")
        self.faults = faults
        headers = [:]
    }

    /// 422 for one field.
    public static func invalid(
        _ field: String, code: String, zh: String, en: String, allowed: String? = nil
    ) -> Problem {
        Problem(
            .unprocessableContent, code: code, detail: LocalizedText(zh: zh, en: en), field: field, allowed: allowed)
    }

    /// 409.
    public static func conflict(code: String, zh: String, en: String) -> Problem {
        Problem(.conflict, code: code, detail: LocalizedText(zh: zh, en: en))
    }

    /// 429 with `Retry-After` in seconds.
    public static func tooManyRequests(retryAfter seconds: Int, zh: String, en: String) -> Problem {
        Problem(
            .tooManyRequests, code: "too_many_requests", detail: LocalizedText(zh: zh, en: en),
            headers: ["Retry-After": String(seconds)])
    }

    /// 503 with `Retry-After` in seconds.
    public static func unavailable(code: String = "unavailable", retryAfter seconds: Int = 2) -> Problem {
        Problem(
            .serviceUnavailable, code: code,
            detail: LocalizedText(
                zh: "服务暂时不可用，请稍后再试。", en: "The service is not available for the moment. Please try again."),
            headers: ["Retry-After": String(seconds)])
    }

    public static let notFound = Problem(
        .notFound, code: "not_found",
        detail: LocalizedText(zh: "没有找到，或者不在您的范围内。", en: "There is no such thing, or it is outside your area."))

    public static let forbidden = Problem(
        .forbidden, code: "forbidden",
        detail: LocalizedText(zh: "您的角色无权进行此操作。", en: "Your role may not do this."))

    public static let unauthorised = Problem(
        .unauthorized, code: "not_signed_in", detail: LocalizedText(zh: "请先登录。", en: "Please sign in first."),
        headers: ["WWW-Authenticate": "Bearer"])
}
