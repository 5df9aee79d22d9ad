import Delivery
import ServiceKit

/// What an organ asks for when it registers or changes an endpoint.
struct EndpointWish: Sendable {
    static let maximumDescription = 200

    var url: String
    var description = ""
    var eventTypes = WebhookEventType.all
    /// nil: no limit.
    var throttlePerMinute: Int?
    var isOrdered = false

    /// The host. 422 with all faults: the URL must be one that may be called, the types must exist.
    func check(_ http: HTTPClientConfiguration) async throws -> String {
        var faults: [FieldFault] = []
        var host = ""
        do {
            let url = try DeliveryURL(url, allowsPlainHTTP: http.allowsPlainHTTP)
            host = url.host
            let addresses = try await NameResolution.addresses(of: host)
            if !addresses.allSatisfy({ http.addressPolicy.allows($0) }) {
                faults.append(
                    FieldFault(
                        field: "url", code: "address_forbidden",
                        detail: LocalizedText(
                            zh: "不能使用内网或本机地址。", en: "Private and loopback addresses are not allowed.")))
            }
        } catch let error as DeliveryError where error.code == .nameNotResolved {
            faults.append(
                FieldFault(
                    field: "url", code: "name_not_resolved",
                    detail: LocalizedText(zh: "域名无法解析，请检查拼写。", en: "This host name has no address.")))
        } catch let error as DeliveryError {
            faults.append(
                FieldFault(
                    field: "url", code: "invalid_url",
                    detail: LocalizedText(
                        zh: "接收地址不可用：须为不含账号密码的 https 地址。",
                        en: "This URL cannot be called: \(error.message)."),
                    allowed: http.allowsPlainHTTP ? "http, https" : "https"))
        }
        faults += otherFaults
        guard faults.isEmpty else { throw Problem(faults: faults) }
        try PersonalDataScreen.check(field: "description", text: description)
        return host
    }

    private var otherFaults: [FieldFault] {
        var faults: [FieldFault] = []
        if eventTypes.isEmpty || !WebhookEventType.unknown(in: eventTypes).isEmpty {
            faults.append(
                FieldFault(
                    field: "event_types", code: "not_allowed",
                    detail: LocalizedText(zh: "请至少选择一种事件。", en: "Please choose at least one of the event types."),
                    allowed: WebhookEventType.all.joined(separator: ", ")))
        }
        if description.count > Self.maximumDescription {
            faults.append(
                FieldFault(
                    field: "description", code: "too_long",
                    detail: LocalizedText(zh: "说明过长。", en: "The description is too long."),
                    allowed: "≤ \(Self.maximumDescription)"))
        }
        if let throttlePerMinute, !Throttle.range.contains(throttlePerMinute) {
            faults.append(Self.throttleFault)
        }
        return faults
    }

    static var throttleFault: FieldFault {
        FieldFault(
            field: "throttle_per_minute", code: "not_in_range",
            detail: LocalizedText(
                zh: "请填写 \(Throttle.range.lowerBound) 到 \(Throttle.range.upperBound) 之间的整数，或留空。",
                en: "A whole number from \(Throttle.range.lowerBound) to \(Throttle.range.upperBound), or nothing."),
            allowed: "\(Throttle.range.lowerBound)…\(Throttle.range.upperBound)")
    }
}
