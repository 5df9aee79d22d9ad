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

    init(_ page: PageOf<Endpoint>, draft: EndpointForm, _ pages: Pages, _ context: BrightContext) {
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
        fields = draft.fields(pages, context)
        faults = draft.faults.map { Fault(field: $0.field, detail: $0.detail[context.language]) }
        hasFaults = !faults.isEmpty
        pager = page.pager(path: "/notification/webhooks")
    }
}

extension WebhookEventType {
    static func labelKey(_ type: String) -> String {
        let parts = type.split(separator: ".")
        return parts.count >= 4
            ? "notification.event.\(parts[2])_\(parts[3].replacing("-", with: "_"))" : "notification.event.unknown"
    }
}
