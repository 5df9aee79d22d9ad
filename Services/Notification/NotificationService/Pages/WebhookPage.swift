import Access
import Calendar
import Contracts
import ServiceKit

/// Model of `webhook.mustache`.
struct WebhookPage {
    struct Line {
        let deliveryId: String
        let resend: String
        let canteenId: String?
        let type: String
        let createdAt: String
        let state: String
        let stateTone: String
        let nextAttempt: String?
        let attempts: [Attempt]
        let hasAttempts: Bool
        let mayResend: Bool
    }

    struct Attempt {
        let number: Int
        let at: String
        let duration: String
        let result: String
        let tone: String
    }

    let path: String
    let url: String
    let description: String?
    let isActive: Bool
    let state: String
    let stateTone: String
    let pausedReason: String?
    let pausedAt: String?
    let failingSince: String?
    let types: [String]
    let publicKey: String?
    let queued: Int
    let failed: Int
    let mayManage: Bool
    let replayFrom: String
    let today: String
    let throttle: Int?
    let isOrdered: Bool
    let notBefore: String?
    let fields: [FormField]
    let hasFaults: Bool
    let faults: [WebhooksPage.Fault]
    let search: [FormField]
    let isFiltered: Bool
    let total: Int
    let lines: [Line]
    let isEmpty: Bool
    let pager: Pager

    init(
        _ endpoint: Endpoint, _ deliveries: PageOf<WebhookDelivery>, publicKey: String?, filter: DeliveryFilter,
        draft: EndpointForm, _ pages: Pages, _ context: BrightContext
    ) {
        let path = "/notification/webhooks/\(endpoint.endpointId)"
        self.path = path
        url = endpoint.url
        description = endpoint.description.isEmpty ? nil : endpoint.description
        isActive = endpoint.state == .active
        self.state = pages.text("notification.endpoint_state.\(endpoint.state.rawValue)", context)
        stateTone = isActive ? "ok" : "error"
        pausedReason = endpoint.pausedReason.map { pages.text("notification.paused.\($0.rawValue)", context) }
        pausedAt = endpoint.pausedAt.map(CivilText.short)
        failingSince = endpoint.failingSince.map(CivilText.short)
        types = endpoint.eventTypes.map { pages.text(WebhookEventType.labelKey($0), context) }
        self.publicKey = publicKey
        queued = endpoint.queued
        failed = endpoint.failed
        let mayManage = context.may(.manageWebhooks, on: Resource(organId: endpoint.organId))
        self.mayManage = mayManage
        replayFrom = LocalDate(endpoint.failingSince ?? endpoint.pausedAt ?? context.now).iso
        lines = deliveries.items.map { Line($0, path: path, mayManage: mayManage, pages, context) }
        isEmpty = lines.isEmpty
        today = LocalDate(context.now).iso
        throttle = endpoint.throttlePerMinute
        isOrdered = endpoint.isOrdered
        notBefore = endpoint.notBefore.flatMap { $0 > context.now ? CivilText.short($0) : nil }
        fields = draft.fields(pages, context)
        faults = draft.faults.map { WebhooksPage.Fault(field: $0.field, detail: $0.detail[context.language]) }
        hasFaults = !faults.isEmpty
        search = Self.search(filter, pages, context)
        isFiltered = !filter.query.isEmpty
        total = deliveries.total
        pager = deliveries.pager(path: path + filter.query)
    }

    private static func search(_ filter: DeliveryFilter, _ pages: Pages, _ context: BrightContext) -> [FormField] {
        func text(_ key: String) -> String { pages.text("notification.webhook.\(key)", context) }
        return [
            FormField(
                "state", label: pages.text("notification.bulletin.state", context), kind: .select, isOptional: true,
                options: WebhookDelivery.State.allCases.map {
                    FormField.Option(
                        value: $0.rawValue, label: pages.text("notification.delivery_state.\($0.rawValue)", context),
                        isSelected: filter.state == $0)
                }),
            FormField(
                "type", label: text("event"), kind: .select, isOptional: true,
                options: (WebhookEventType.all + [WebhookEventType.test]).map {
                    FormField.Option(
                        value: $0, label: pages.text(WebhookEventType.labelKey($0), context),
                        isSelected: filter.eventType == $0)
                }),
            FormField("q", label: text("search_id"), value: filter.text ?? "", isOptional: true, maximum: 100),
            FormField(
                "result", label: text("search_result"), value: filter.result ?? "", isOptional: true, maximum: 40),
            FormField("from", label: text("from"), value: filter.from?.iso ?? "", type: "date", isOptional: true),
            FormField("to", label: text("to"), value: filter.to?.iso ?? "", type: "date", isOptional: true),
        ]
    }
}

extension WebhookPage.Line {
    init(
        _ delivery: WebhookDelivery, path: String, mayManage: Bool, _ pages: Pages, _ context: BrightContext
    ) {
        deliveryId = delivery.deliveryId
        resend = "\(path)/deliveries/\(delivery.deliveryId)/resend"
        canteenId = delivery.canteenId?.rawValue
        type = pages.text(WebhookEventType.labelKey(delivery.eventType), context)
        createdAt = CivilText.short(delivery.createdAt)
        state = pages.text("notification.delivery_state.\(delivery.state.rawValue)", context)
        stateTone =
            switch delivery.state {
            case .queued: "warn"
            case .delivered: "ok"
            case .failed: "error"
            }
        nextAttempt =
            delivery.state == .queued && delivery.attempts > 0 ? CivilText.short(delivery.nextAttemptAt) : nil
        attempts = delivery.log.map { attempt in
            let isSuccess = attempt.status.map { (200..<300).contains($0) } ?? false
            return WebhookPage.Attempt(
                number: attempt.number, at: CivilText.short(attempt.startedAt), duration: "\(attempt.durationMs) ms",
                result: attempt.status.map(String.init) ?? attempt.error ?? "—", tone: isSuccess ? "ok" : "error")
        }
        hasAttempts = !attempts.isEmpty
        mayResend = mayManage && delivery.state != .queued
    }
}
