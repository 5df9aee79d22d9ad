import Calendar
import Contracts
import Delivery
import Journal
import Postgres
import ServiceKit

/// What an organ does with its endpoints: register, rotate the secret, pause, resume with replay, test, resend.
struct EndpointRegistration: Sendable {
    static let maximumDescription = 200
    let pool: PostgresPool
    let http: HTTPClientConfiguration
    let seal: SecretSeal
    let dispatcher: WebhookDispatcher
    let source: String

    struct Wish: Sendable {
        var url: String
        var description: String
        var eventTypes: [String]
    }

    /// What the owner sees once.
    struct Secrets: Encodable, Sendable {
        let secret: String
        /// For receivers that verify `v1a` signatures; not secret, shown always.
        let publicKey: String
    }

    /// The host. 422 with all faults: the URL must be one that may be called, the types must exist.
    private func check(_ wish: Wish) throws -> String {
        var faults: [FieldFault] = []
        var host = ""
        do {
            let url = try DeliveryURL(wish.url, allowsPlainHTTP: http.allowsPlainHTTP)
            host = url.host
            if let address = url.literalAddress, !http.addressPolicy.allows(address) {
                faults.append(
                    FieldFault(
                        field: "url", code: "address_forbidden",
                        detail: LocalizedText(
                            zh: "不能使用内网或本机地址。", en: "Private and loopback addresses are not allowed.")))
            }
        } catch let error as DeliveryError {
            faults.append(
                FieldFault(
                    field: "url", code: "invalid_url",
                    detail: LocalizedText(
                        zh: "接收地址不可用：须为不含账号密码的 https 地址。",
                        en: "This URL cannot be called: \(error.message)."),
                    allowed: http.allowsPlainHTTP ? "http, https" : "https"))
        }
        let unknown = WebhookEventType.unknown(in: wish.eventTypes)
        if wish.eventTypes.isEmpty || !unknown.isEmpty {
            faults.append(
                FieldFault(
                    field: "event_types", code: "not_allowed",
                    detail: LocalizedText(zh: "请至少选择一种事件。", en: "Please choose at least one of the event types."),
                    allowed: WebhookEventType.all.joined(separator: ", ")))
        }
        if wish.description.count > Self.maximumDescription {
            faults.append(
                FieldFault(
                    field: "description", code: "too_long",
                    detail: LocalizedText(zh: "说明过长。", en: "The description is too long."),
                    allowed: "≤ \(Self.maximumDescription)"))
        }
        guard faults.isEmpty else { throw Problem(faults: faults) }
        try PersonalDataScreen.check(field: "description", text: wish.description)
        return host
    }

    func register(
        _ wish: Wish, for organ: OrganID, by person: PersonID, _ context: EventContext, now: Instant
    ) async throws -> (Endpoint, Secrets) {
        let host = try check(wish)
        let endpoint = Endpoint(
            endpointId: .new(), organId: organ, url: wish.url, description: wish.description,
            eventTypes: wish.eventTypes, state: .active, pausedReason: nil, pausedAt: nil, createdAt: now,
            failingSince: nil, queued: 0, failed: 0)
        let secret = WebhookSecret.generate()
        let signingKey = WebhookSigningKey.generate()
        let sealedSecret = try seal.seal(secret.text, for: endpoint.endpointId)
        let sealedKey = try seal.seal(signingKey.text, for: endpoint.endpointId)
        try await pool.transaction { transaction in
            try await EndpointStore.create(endpoint, by: person, transaction)
            try await EndpointStore.add(
                secret: sealedSecret, kind: "v1", to: endpoint.endpointId, now: now, transaction)
            try await EndpointStore.add(
                secret: sealedKey, kind: "v1a", to: endpoint.endpointId, now: now, transaction)
            try await transaction.record(
                "brightkitchen.notification.endpoint.registered.v1", subject: endpoint.endpointId.rawValue,
                data: Registered(
                    endpointId: endpoint.endpointId, organId: organ, host: host, eventTypes: wish.eventTypes),
                context, occurredAt: now)
        }
        return (endpoint, Secrets(secret: secret.text, publicKey: signingKey.publicKey.text))
    }

    /// Host only: a URL may carry a receiver's token, and the journal is for ever.
    private struct Registered: Encodable {
        let endpointId: EndpointID
        let organId: OrganID
        let host: String
        let eventTypes: [String]
    }

    private struct Act: Encodable {
        let endpointId: EndpointID
        var since: Instant?
        var messages: Int?
    }

    /// A new secret; the former one signs along for `EndpointStore.secretOverlap`.
    func rotate(_ id: EndpointID, _ context: EventContext, now: Instant) async throws -> String {
        let secret = WebhookSecret.generate()
        let sealed = try seal.seal(secret.text, for: id)
        try await pool.transaction { transaction in
            try await EndpointStore.add(secret: sealed, kind: "v1", to: id, now: now, transaction)
            try await transaction.record(
                "brightkitchen.notification.endpoint.secret-rotated.v1", subject: id.rawValue,
                data: Act(endpointId: id), context, occurredAt: now)
        }
        return secret.text
    }

    func publicKey(of id: EndpointID, now: Instant) async throws -> String? {
        let sealed = try await EndpointStore.secrets(of: id, now: now, pool).first { $0.kind == "v1a" }
        guard let sealed, let key = WebhookSigningKey(try seal.open(sealed.sealed, for: id)) else { return nil }
        return key.publicKey.text
    }

    /// 409 when it is paused already.
    func pause(_ id: EndpointID, _ context: EventContext, now: Instant) async throws {
        let paused = try await pool.transaction { transaction in
            guard try await EndpointStore.pause(id, .byOwner, now: now, transaction) else { return false }
            try await transaction.publish(
                EndpointPaused(endpointId: id, reason: PauseReason.byOwner.rawValue, pausedAt: now), context,
                occurredAt: now)
            return true
        }
        guard paused else {
            throw Problem.conflict(code: "already_paused", zh: "该接收端已处于暂停状态。", en: "This endpoint is paused already.")
        }
    }

    /// Sends everything that was not delivered since then, and from now on what comes. The number of messages queued.
    func resume(_ endpoint: Endpoint, since: Instant, _ context: EventContext, now: Instant) async throws -> Int {
        let id = endpoint.endpointId
        let dispatcher = dispatcher
        return try await pool.transaction { transaction in
            _ = try await EndpointStore.resume(id, transaction)
            try await InboxStore.settle(endpoint: id, transaction)
            let again = try await DeliveryStore.requeue(id, since: since, now: now, transaction)
            var missing = 0
            if let organ = try await RegistryStore.organ(endpoint.organId, transaction) {
                missing = try await OutgoingEvents.replayMissing(
                    endpoint, organ: organ, since: since, policy: .init(), now: now, transaction)
            }
            try await transaction.record(
                "brightkitchen.notification.endpoint.resumed.v1", subject: id.rawValue,
                data: Act(endpointId: id, since: since, messages: again + missing), context, occurredAt: now)
            transaction.afterCommit { dispatcher.kick() }
            return again + missing
        }
    }

    /// Queues a test event; it is tried once, also while the endpoint is active only.
    func test(_ endpoint: Endpoint, correlationId: String, now: Instant) async throws -> String {
        guard endpoint.state == .active else {
            throw Problem.conflict(
                code: "endpoint_paused", zh: "接收端已暂停，请先恢复。", en: "The endpoint is paused; resume it first.")
        }
        let id = EventID.new()
        let body = try CloudEventBody.encode(
            CloudEventBody.Attributes(
                id: id.rawValue, source: source, type: WebhookEventType.test, subject: endpoint.endpointId.rawValue,
                time: now, partitionKey: endpoint.endpointId.rawValue, correlationId: correlationId),
            data: TestEvent(endpointId: endpoint.endpointId, message: "明厨亮灶 webhook test"))
        let dispatcher = dispatcher
        return try await pool.transaction { transaction in
            let delivery = try await DeliveryStore.queueTest(body, for: endpoint.endpointId, now: now, transaction)
            transaction.afterCommit { dispatcher.kick() }
            return delivery
        }
    }

    private struct TestEvent: Encodable {
        let endpointId: EndpointID
        let message: String
    }

    func resend(_ deliveryId: String, of endpoint: EndpointID, now: Instant) async throws {
        let dispatcher = dispatcher
        let found = try await pool.transaction { transaction in
            transaction.afterCommit { dispatcher.kick() }
            return try await DeliveryStore.resend(deliveryId, of: endpoint, now: now, transaction)
        }
        guard found else { throw Problem.notFound }
    }
}
