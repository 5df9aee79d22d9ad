import Access
import Calendar
import Contracts
import ServiceKit

/// Model of `webhooks.mustache`.
struct WebhooksPage {
    struct Line {
        let link: String
        let url: String
        let description: String?
        let state: String
        let stateTone: String
        let pausedReason: String?
        let queued: Int
        let failed: Int
        let types: Int
    }

    /// The registration form as filled in, with its faults.
    struct Draft: Sendable {
        var url = ""
        var description = ""
        var eventTypes = WebhookEventType.all
        var faults: [FieldFault] = []
    }

    struct Fault {
        let field: String
        let detail: String
    }

    let lines: [Line]
    let isEmpty: Bool
    let mayRegister: Bool
    let fields: [FormField]
    let hasFaults: Bool
    let faults: [Fault]
    let pager: Pager

    init(_ page: PageOf<Endpoint>, draft: Draft, _ pages: Pages, _ context: BrightContext) {
        lines = page.items.map { endpoint in
            Line(
                link: "/notification/webhooks/\(endpoint.endpointId)", url: endpoint.url,
                description: endpoint.description.isEmpty ? nil : endpoint.description,
                state: pages.text("notification.endpoint_state.\(endpoint.state.rawValue)", context),
                stateTone: endpoint.state == .active ? "ok" : "error",
                pausedReason: endpoint.pausedReason.map { pages.text("notification.paused.\($0.rawValue)", context) },
                queued: endpoint.queued, failed: endpoint.failed, types: endpoint.eventTypes.count)
        }
        isEmpty = lines.isEmpty
        mayRegister = context.may(.manageWebhooks)
        fields = Self.fields(draft, pages, context)
        faults = draft.faults.map { Fault(field: $0.field, detail: $0.detail[context.language]) }
        hasFaults = !faults.isEmpty
        pager = page.pager(path: "/notification/webhooks")
    }

    private static func fields(_ draft: Draft, _ pages: Pages, _ context: BrightContext) -> [FormField] {
        func fault(_ name: String) -> String? {
            draft.faults.first { $0.field == name }?.detail[context.language]
        }
        return [
            FormField(
                "url", label: pages.text("notification.webhook.url", context), value: draft.url, type: "url",
                hint: pages.text("notification.webhook.url_hint", context), fault: fault("url"), maximum: 2048),
            FormField(
                "description", label: pages.text("notification.webhook.description", context),
                value: draft.description, fault: fault("description"), isOptional: true,
                maximum: EndpointRegistration.maximumDescription),
            FormField(
                "event_types", label: pages.text("notification.webhook.event_types", context), kind: .checkbox,
                hint: pages.text("notification.webhook.event_types_hint", context), fault: fault("event_types"),
                options: WebhookEventType.all.map { type in
                    FormField.Option(
                        value: type, label: pages.text(WebhookEventType.labelKey(type), context),
                        isSelected: draft.eventTypes.contains(type))
                }),
        ]
    }
}

extension WebhookEventType {
    static func labelKey(_ type: String) -> String {
        let parts = type.split(separator: ".")
        return parts.count >= 4
            ? "notification.event.\(parts[2])_\(parts[3].replacing("-", with: "_"))" : "notification.event.unknown"
    }
}
