import Access
import Calendar
import Contracts
import Hummingbird
import Postgres
import ServiceKit

/// What an owner does with an endpoint: test, pause, resume, replay, rotate, resend one message.
struct WebhookActRoutes: Sendable {
    let pool: PostgresPool
    let pages: Pages
    let registration: EndpointRegistration
    private var endpoints: EndpointAccess { EndpointAccess(pool: pool) }

    func declare(_ routes: Routes) {
        routes.post("/webhooks/{endpointId}/test", .action(.manageWebhooks)) { _, context in
            let endpoint = try await endpoints.owned(context)
            let delivery = try await registration.test(
                endpoint, correlationId: context.correlationId, now: context.now)
            return try endpoints.done(endpoint, context, ["delivery_id": delivery])
        }
        routes.post("/webhooks/{endpointId}/pause", .action(.manageWebhooks)) { _, context in
            let endpoint = try await endpoints.owned(context)
            try await registration.pause(endpoint.endpointId, try context.eventContext(), now: context.now)
            return try endpoints.done(endpoint, context, [:])
        }
        routes.post("/webhooks/{endpointId}/resume", .action(.manageWebhooks)) { request, context in
            try await resume(request, context)
        }
        routes.post("/webhooks/{endpointId}/replay", .action(.manageWebhooks)) { request, context in
            try await replay(request, context)
        }
        routes.post("/webhooks/{endpointId}/rotate", .action(.manageWebhooks)) { request, context in
            try await rotate(request, context)
        }
        routes.post("/webhooks/{endpointId}/deliveries/{deliveryId}/resend", .action(.manageWebhooks)) { _, context in
            let endpoint = try await endpoints.owned(context)
            guard let id = context.parameters.get("deliveryId"), WellFormed.isIdentifier(id) else {
                throw Problem.notFound
            }
            try await registration.resend(id, of: endpoint.endpointId, try context.eventContext(), now: context.now)
            return try endpoints.done(endpoint, context, [:])
        }
    }

    private struct Since: Decodable {
        var since: Instant?
    }

    private func resume(_ request: Request, _ context: BrightContext) async throws -> Response {
        let endpoint = try await endpoints.owned(context)
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
        try Self.check(from, "since", context)
        let queued = try await registration.resume(endpoint, since: from, try context.eventContext(), now: context.now)
        return try endpoints.done(endpoint, context, ["queued": String(queued)])
    }

    private struct Span: Decodable {
        var since: Instant
        /// Absent: now.
        var until: Instant?
        /// Absent: what is missing.
        var replay: String?
    }

    private func replay(_ request: Request, _ context: BrightContext) async throws -> Response {
        let endpoint = try await endpoints.owned(context)
        var since = context.now
        var until = context.now
        var replay: DeliveryQueue.Replay? = .missing
        if context.wantsPage {
            var check = try await request.form(context).check()
            since = check.date("since").start
            // The whole day that is named, as far as it has passed.
            until = min(check.date("until").adding(days: 1).start, context.now)
            replay = check.choice("replay")
            try check.done()
        } else {
            let span = try await request.json(Span.self, context)
            since = span.since
            until = span.until ?? context.now
            if let text = span.replay { replay = DeliveryQueue.Replay(rawValue: text) }
        }
        guard let replay else {
            throw Problem.invalid(
                "replay", code: "not_allowed", zh: "请选择补发范围。", en: "Please choose what is sent again.",
                allowed: DeliveryQueue.Replay.allCases.map(\.rawValue).joined(separator: ", "))
        }
        try Self.check(since, "since", context)
        try Self.check(until, "until", context)
        guard since <= until else {
            throw Problem.invalid(
                "until", code: "before_start", zh: "结束不能早于起始。", en: "The end must not lie before the start.")
        }
        let queued = try await registration.replay(
            endpoint, since: since, until: until, replay, try context.eventContext(), now: context.now)
        return try endpoints.done(endpoint, context, ["queued": String(queued)])
    }

    private static func check(_ instant: Instant, _ field: String, _ context: BrightContext) throws {
        guard instant <= context.now else {
            throw Problem.invalid(
                field, code: "in_the_future", zh: "时间不能晚于现在。", en: "The time must not lie in the future.")
        }
    }

    private struct Kind: Decodable {
        var kind: String?
    }

    private func rotate(_ request: Request, _ context: BrightContext) async throws -> Response {
        let endpoint = try await endpoints.owned(context)
        let text =
            context.wantsPage
            ? try await request.form(context).optional("kind") : try await request.json(Kind.self, context).kind
        guard let kind = WebhookSecretKind(rawValue: text ?? WebhookSecretKind.symmetric.rawValue) else {
            throw Problem.invalid(
                "kind", code: "not_allowed", zh: "请选择密钥种类。", en: "Please choose the kind of secret.",
                allowed: WebhookSecretKind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let value = try await registration.rotate(
            endpoint.endpointId, kind, try context.eventContext(), now: context.now)
        guard context.wantsPage else {
            return try .json([kind == .symmetric ? "secret" : "public_key": value])
        }
        guard kind == .symmetric else { return try endpoints.done(endpoint, context, [:]) }
        return try WebhookSecretPage(secret: value, of: endpoint).render(pages, context, status: .ok)
    }
}
