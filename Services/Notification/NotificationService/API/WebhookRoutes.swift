import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// `/notification/webhooks`: endpoints of one's own organ.
struct WebhookRoutes: Sendable {
    let pool: PostgresPool
    let pages: Pages
    let registration: EndpointRegistration

    func declare(_ routes: Routes) {
        routes.get("/webhooks", .read(.manageWebhooks)) { request, context in try await list(request, context) }
        routes.post("/webhooks", .action(.manageWebhooks)) { request, context in try await register(request, context) }
        routes.get("/webhooks/{endpointId}", .read(.manageWebhooks)) { request, context in
            try await detail(request, context)
        }
        routes.post("/webhooks/{endpointId}/test", .action(.manageWebhooks)) { _, context in
            let endpoint = try await owned(context)
            let delivery = try await registration.test(
                endpoint, correlationId: context.correlationId, now: context.now)
            return try done(endpoint, context, ["delivery_id": delivery])
        }
        routes.post("/webhooks/{endpointId}/pause", .action(.manageWebhooks)) { _, context in
            let endpoint = try await owned(context)
            try await registration.pause(endpoint.endpointId, try context.eventContext(), now: context.now)
            return try done(endpoint, context, [:])
        }
        routes.post("/webhooks/{endpointId}/resume", .action(.manageWebhooks)) { request, context in
            try await resume(request, context)
        }
        routes.post("/webhooks/{endpointId}/rotate", .action(.manageWebhooks)) { request, context in
            try await rotate(request, context)
        }
        routes.post("/webhooks/{endpointId}/deliveries/{deliveryId}/resend", .action(.manageWebhooks)) { _, context in
            let endpoint = try await owned(context)
            guard let id = context.parameters.get("deliveryId"), WellFormed.isIdentifier(id) else {
                throw Problem.notFound
            }
            try await registration.resend(id, of: endpoint.endpointId, now: context.now)
            return try done(endpoint, context, [:])
        }
    }

    /// The endpoint, if it belongs to the caller's organ; 404 otherwise.
    private func owned(_ context: BrightContext, intent: Intent = .perform) async throws -> Endpoint {
        guard let endpoint = try await EndpointStore.endpoint(try context.id("endpointId"), pool) else {
            throw Problem.notFound
        }
        try context.authorise(.manageWebhooks, on: Resource(organId: endpoint.organId), intent: intent)
        return endpoint
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await endpoints(try PageRequest(request), context)
        guard context.wantsPage else { return try .json(page) }
        return try listPage(page, WebhooksPage.Draft(), context, status: .ok)
    }

    private func endpoints(_ request: PageRequest, _ context: BrightContext) async throws -> PageOf<Endpoint> {
        let principal = try context.requirePrincipal()
        let organ = principal.role == .auditor ? nil : principal.organId
        guard organ != nil || principal.role == .auditor else { throw Problem.forbidden }
        return try await EndpointStore.page(organ: organ, request, pool)
    }

    private func listPage(
        _ page: PageOf<Endpoint>, _ draft: WebhooksPage.Draft, _ context: BrightContext, status: HTTPResponse.Status
    ) throws -> Response {
        try pages.render(
            "webhooks", context,
            PageMeta(
                title: pages.text("notification.webhooks.title", context),
                lead: pages.text("notification.webhooks.lead", context), current: "webhooks"),
            model: WebhooksPage(page, draft: draft, pages, context), status: status)
    }

    private struct Wish: Decodable {
        var url: String
        var description: String?
        /// Absent or empty: all types there are.
        var eventTypes: [String]?
    }

    private func register(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        guard let organ = principal.organId else { throw Problem.forbidden }
        try context.authorise(.manageWebhooks, on: Resource(organId: organ))
        guard context.wantsPage else {
            let body = try await request.json(Wish.self, context)
            let types = body.eventTypes ?? []
            let (endpoint, secrets) = try await registration.register(
                EndpointRegistration.Wish(
                    url: body.url, description: body.description ?? "",
                    eventTypes: types.isEmpty ? WebhookEventType.all : types),
                for: organ, by: principal.personId, try context.eventContext(), now: context.now)
            return try .json(
                Registered(endpointId: endpoint.endpointId, secret: secrets.secret, publicKey: secrets.publicKey),
                status: .created)
        }
        let form = try await request.form(context)
        let wish = EndpointRegistration.Wish(
            url: form.optional("url") ?? "", description: form.optional("description") ?? "",
            eventTypes: form.all("event_types"))
        do {
            let (endpoint, secrets) = try await registration.register(
                wish, for: organ, by: principal.personId, try context.eventContext(), now: context.now)
            return try secretPage(endpoint, secret: secrets.secret, context, status: .created)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            let draft = WebhooksPage.Draft(
                url: wish.url, description: wish.description, eventTypes: wish.eventTypes, faults: problem.faults)
            return try listPage(
                try await endpoints(PageRequest(), context), draft, context, status: problem.status)
        }
    }

    private struct Registered: Encodable {
        let endpointId: EndpointID
        let secret: String
        let publicKey: String
    }

    private func rotate(_ request: Request, _ context: BrightContext) async throws -> Response {
        let endpoint = try await owned(context)
        let secret = try await registration.rotate(endpoint.endpointId, try context.eventContext(), now: context.now)
        guard context.wantsPage else { return try .json(["secret": secret]) }
        return try secretPage(endpoint, secret: secret, context, status: .ok)
    }

    private func secretPage(
        _ endpoint: Endpoint, secret: String, _ context: BrightContext, status: HTTPResponse.Status
    ) throws -> Response {
        try pages.render(
            "webhook-secret", context,
            PageMeta(
                title: pages.text("notification.webhook.secret.title", context), crumbs: crumbs(endpoint, context),
                current: "webhooks"),
            model: WebhookSecretPage(
                secret: secret, url: endpoint.url, link: "/notification/webhooks/\(endpoint.endpointId)"),
            status: status)
    }

    private func detail(_ request: Request, _ context: BrightContext) async throws -> Response {
        let endpoint = try await owned(context, intent: .read)
        var state: WebhookDelivery.State?
        if let text = try request.query("state") {
            guard let value = WebhookDelivery.State(rawValue: text) else { throw Problem.notFound }
            state = value
        }
        let deliveries = try await DeliveryStore.page(
            of: endpoint.endpointId, state: state, try PageRequest(request), pool)
        let key = try await registration.publicKey(of: endpoint.endpointId, now: context.now)
        guard context.wantsPage else {
            return try .json(EndpointAnswer(endpoint: endpoint, publicKey: key, deliveries: deliveries))
        }
        let principal = try context.requirePrincipal()
        if let organ = principal.organId,
            let item = try await InboxStore.item(endpoint: endpoint.endpointId, of: .organ(organ), pool),
            item.unread > 0
        {
            let eventContext = try context.eventContext()
            let now = context.now
            try await pool.transaction { transaction in
                try await InboxReceipts.read(
                    item.itemId, by: principal.personId, eventContext, now: now, transaction)
            }
        }
        return try pages.render(
            "webhook", context,
            PageMeta(
                title: pages.text("notification.webhook.title", context), crumbs: crumbs(endpoint, context),
                current: "webhooks", isWide: true),
            model: WebhookPage(endpoint, deliveries, publicKey: key, state: state, pages, context))
    }

    private struct EndpointAnswer: Encodable {
        let endpoint: Endpoint
        let publicKey: String?
        let deliveries: PageOf<WebhookDelivery>
    }

    private struct Since: Decodable {
        var since: Instant?
    }

    private func resume(_ request: Request, _ context: BrightContext) async throws -> Response {
        let endpoint = try await owned(context)
        var since: Instant?
        if context.wantsPage {
            var check = try await request.form(context).check()
            since = check.date("since").start
            try check.done()
        } else {
            since = try await request.json(Since.self, context).since
        }
        // Without a time: since the failures began, else since the pause, else from now on.
        let from = since ?? endpoint.failingSince ?? endpoint.pausedAt ?? context.now
        guard from <= context.now else {
            throw Problem.invalid(
                "since", code: "in_the_future", zh: "起始时间不能晚于现在。", en: "The start must not lie in the future.")
        }
        let queued = try await registration.resume(endpoint, since: from, try context.eventContext(), now: context.now)
        return try done(endpoint, context, ["queued": String(queued)])
    }

    private func crumbs(_ endpoint: Endpoint, _ context: BrightContext) -> [Crumb] {
        [Crumb(pages.text("notification.webhooks.title", context), "/notification/webhooks"), Crumb(endpoint.url)]
    }

    private func done(_ endpoint: Endpoint, _ context: BrightContext, _ answer: [String: String]) throws -> Response {
        context.wantsPage
            ? .seeOther("/notification/webhooks/\(endpoint.endpointId)") : try .json(answer, status: .accepted)
    }
}
