import Access
import ServiceKit

/// The fields by which an endpoint is registered or changed, as filled in, with their faults.
struct EndpointForm: Sendable {
    var url = ""
    var description = ""
    var eventTypes = WebhookEventType.all
    var throttlePerMinute = ""
    var isOrdered = false
    var faults: [FieldFault] = []

    init() {}

    init(_ endpoint: Endpoint) {
        url = endpoint.url
        description = endpoint.description
        eventTypes = endpoint.eventTypes
        throttlePerMinute = endpoint.throttlePerMinute.map(String.init) ?? ""
        isOrdered = endpoint.isOrdered
    }

    init(_ form: FormData) {
        url = form.optional("url") ?? ""
        description = form.optional("description") ?? ""
        eventTypes = form.all("event_types")
        throttlePerMinute = form.optional("throttle_per_minute") ?? ""
        isOrdered = form.optional("is_ordered") == "true"
    }

    /// 422 where the throttle is not a number; everything else is checked by the wish itself.
    func wish() throws -> EndpointWish {
        var throttle: Int?
        if !throttlePerMinute.isEmpty {
            guard let number = Int(throttlePerMinute) else { throw Problem(faults: [EndpointWish.throttleFault]) }
            throttle = number
        }
        return EndpointWish(
            url: url, description: description, eventTypes: eventTypes, throttlePerMinute: throttle,
            isOrdered: isOrdered)
    }

    func fields(_ pages: Pages, _ context: BrightContext) -> [FormField] {
        func text(_ key: String) -> String { pages.text("notification.webhook.\(key)", context) }
        func fault(_ name: String) -> String? { faults.first { $0.field == name }?.detail[context.language] }
        return [
            FormField(
                "url", label: text("url"), value: url, type: "url", hint: text("url_hint"), fault: fault("url"),
                maximum: 2048),
            FormField(
                "description", label: text("description"), value: description, fault: fault("description"),
                isOptional: true, maximum: EndpointWish.maximumDescription),
            FormField(
                "throttle_per_minute", label: text("throttle"), value: throttlePerMinute, hint: text("throttle_hint"),
                fault: fault("throttle_per_minute"), isOptional: true, maximum: 5),
            FormField(
                "is_ordered", label: text("order"), kind: .checkbox, hint: text("order_hint"),
                options: [FormField.Option(value: "true", label: text("ordered"), isSelected: isOrdered)]),
            FormField(
                "event_types", label: text("event_types"), kind: .checkbox, hint: text("event_types_hint"),
                fault: fault("event_types"),
                options: WebhookEventType.all.map { type in
                    FormField.Option(
                        value: type, label: pages.text(WebhookEventType.labelKey(type), context),
                        isSelected: eventTypes.contains(type))
                }),
        ]
    }
}
