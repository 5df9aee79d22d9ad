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
        routes.post("/webhooks/{endpointId}", .action(.manageWebhooks)) { request, context in
            try await change(request, context)
        }
        routes.get("/operations/endpoints", .read(.operate)) { request, context in
            try await troubled(request, context)
        }
        WebhookActRoutes(pool: pool, pages: pages, registration: registration).declare(routes)
    }

    private var access: EndpointAccess { EndpointAccess(pool: pool) }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await endpoints(try PageRequest(request), context)
        guard context.wantsPage else { return try .json(page) }
        return try listPage(page, EndpointForm(), context, status: .ok)
    }

    private func endpoints(_ request: PageRequest, _ context: BrightContext) async throws -> PageOf<Endpoint> {
        let principal = try context.requirePrincipal()
        let organ = principal.role == .auditor ? nil : principal.organId
        guard organ != nil || principal.role == .auditor else { throw Problem.forbidden }
        return try await EndpointStore.page(organ: organ, request, pool)
    }

    private func listPage(
        _ page: PageOf<Endpoint>, _ draft: EndpointForm, _ context: BrightContext, status: HTTPResponse.Status
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
        /// Absent: no limit.
        var throttlePerMinute: Int?
        /// Absent: no order.
        var isOrdered: Bool?

        var checked: EndpointWish {
            let types = eventTypes ?? []
            return EndpointWish(
                url: url, description: description ?? "", eventTypes: types.isEmpty ? WebhookEventType.all : types,
                throttlePerMinute: throttlePerMinute, isOrdered: isOrdered ?? false)
        }
    }

    private func register(_ request: Request, _ context: BrightContext) async throws -> Response {
        let principal = try context.requirePrincipal()
        guard let organ = principal.organId else { throw Problem.forbidden }
        try context.authorise(.manageWebhooks, on: Resource(organId: organ))
        guard context.wantsPage else {
            let wish = try await request.json(Wish.self, context).checked
            let made = try await registration.register(
                wish, for: organ, by: principal.personId, try context.eventContext(), now: context.now)
            return try .json(
                Registered(endpointId: made.endpoint.endpointId, secret: made.secret, publicKey: made.publicKey),
                status: .created)
        }
        var draft = EndpointForm(try await request.form(context))
        do {
            let made = try await registration.register(
                try draft.wish(), for: organ, by: principal.personId, try context.eventContext(), now: context.now)
            return try WebhookSecretPage(secret: made.secret, of: made.endpoint)
                .render(pages, context, status: .created)
        } catch let problem as Problem where problem.status == .unprocessableContent {
            draft.faults = problem.faults
            return try listPage(try await endpoints(PageRequest(), context), draft, context, status: problem.status)
        }
    }

    private func change(_ request: Request, _ context: BrightContext) async throws -> Response {
        let endpoint = try await access.owned(context)
        guard context.wantsPage else {
            let wish = try await request.json(Wish.self, context).checked
            try await registration.change(endpoint, to: wish, try context.eventContext(), now: context.now)
            return try .json(try await access.owned(context))
        }
        var draft = EndpointForm(try await request.form(context))
        do {
            try await registration.change(
                endpoint, to: try draft.wish(), try context.eventContext(), now: context.now)
            return try access.done(endpoint, context, [:])
        } catch let problem as Problem where problem.status == .unprocessableContent {
            draft.faults = problem.faults
            return try await detailPage(endpoint, .none, PageRequest(), draft, context, status: problem.status)
        }
    }

    private struct Registered: Encodable {
        let endpointId: EndpointID
        let secret: String
        let publicKey: String
    }

    private func detail(_ request: Request, _ context: BrightContext) async throws -> Response {
        let endpoint = try await access.owned(context, intent: .read)
        let filter = try DeliveryFilter(request)
        guard context.wantsPage else {
            let deliveries = try await DeliveryStore.page(
                of: endpoint.endpointId, filter, try PageRequest(request), pool)
            let key = try await registration.publicKey(of: endpoint.endpointId, now: context.now)
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
        return try await detailPage(
            endpoint, filter, try PageRequest(request), EndpointForm(endpoint), context, status: .ok)
    }

    private func detailPage(
        _ endpoint: Endpoint, _ filter: DeliveryFilter, _ page: PageRequest, _ draft: EndpointForm,
        _ context: BrightContext, status: HTTPResponse.Status
    ) async throws -> Response {
        let deliveries = try await DeliveryStore.page(of: endpoint.endpointId, filter, page, pool)
        let key = try await registration.publicKey(of: endpoint.endpointId, now: context.now)
        return try pages.render(
            "webhook", context,
            PageMeta(
                title: pages.text("notification.webhook.title", context),
                crumbs: [
                    Crumb(pages.text("notification.webhooks.title", context), "/notification/webhooks"),
                    Crumb(endpoint.url),
                ], current: "webhooks", isWide: true),
            model: WebhookPage(
                endpoint, deliveries, publicKey: key, filter: filter, draft: draft, pages, context), status: status)
    }

    private struct EndpointAnswer: Encodable {
        let endpoint: Endpoint
        let publicKey: String?
        let deliveries: PageOf<WebhookDelivery>
    }

    /// For the operator: which endpoints of anybody are paused or failing. Hosts only, a URL may carry a token.
    private func troubled(_ request: Request, _ context: BrightContext) async throws -> Response {
        let wanted = try PageRequest(request)
        let page = try await EndpointStore.troubled(wanted, pool)
        let organs = try await RegistryStore.organs(page.items.map(\.organId), pool)
        guard context.wantsPage else {
            let items = page.items.map { TroubledEndpoint($0, organs[$0.organId]) }
            return try .json(PageOf(items, of: wanted, total: page.total))
        }
        return try pages.render(
            "troubled-endpoints", context,
            PageMeta(
                title: pages.text("notification.troubled.title", context),
                lead: pages.text("notification.troubled.lead", context), current: "operations", isWide: true),
            model: TroubledEndpointsPage(page, organs, pages, context))
    }
}
