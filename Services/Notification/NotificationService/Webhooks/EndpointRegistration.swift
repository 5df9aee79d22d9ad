import Calendar
import Contracts
import Delivery
import Journal
import Postgres
import ServiceKit

/// What an organ does with its endpoints: register, rotate the secret, pause, resume with replay, test, resend.
struct EndpointRegistration: Sendable {
    /// Secrets of one kind that may sign at the same time.
    static let maximumSecrets = 4

    let pool: PostgresPool
    let http: HTTPClientConfiguration
    let seal: SecretSeal
    let dispatcher: WebhookDispatcher
    let source: String

    /// What the owner sees once.
    struct Registration: Sendable {
        let endpoint: Endpoint
        let secret: String
        /// For receivers that verify `v1a` signatures; not secret, shown always.
        let publicKey: String
    }

    func register(
        _ wish: EndpointWish, for organ: OrganID, by person: PersonID, _ context: EventContext, now: Instant
    ) async throws -> Registration {
        let host = try await wish.check(http)
        let endpoint = Endpoint(
            endpointId: .new(), organId: organ, url: wish.url, description: wish.description,
            eventTypes: wish.eventTypes, throttlePerMinute: wish.throttlePerMinute, isOrdered: wish.isOrdered,
            state: .active, pausedReason: nil, pausedAt: nil, createdAt: now, failingSince: nil, notBefore: nil,
            queued: 0, failed: 0)
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
                    endpointId: endpoint.endpointId, organId: organ, host: host, eventTypes: wish.eventTypes,
                    throttlePerMinute: wish.throttlePerMinute, isOrdered: wish.isOrdered),
                context, occurredAt: now)
        }
        return Registration(endpoint: endpoint, secret: secret.text, publicKey: signingKey.publicKey.text)
    }

    /// New address, types or limits. What waits goes to the new address; secrets stay.
    func change(
        _ endpoint: Endpoint, to wish: EndpointWish, _ context: EventContext, now: Instant
    ) async throws {
        let host = try await wish.check(http)
        let dispatcher = dispatcher
        try await pool.transaction { transaction in
            try await EndpointStore.change(endpoint.endpointId, to: wish, transaction)
            try await transaction.record(
                "brightkitchen.notification.endpoint.changed.v1", subject: endpoint.endpointId.rawValue,
                data: Registered(
                    endpointId: endpoint.endpointId, organId: endpoint.organId, host: host,
                    eventTypes: wish.eventTypes, throttlePerMinute: wish.throttlePerMinute, isOrdered: wish.isOrdered),
                context, occurredAt: now)
            transaction.afterCommit { dispatcher.kick() }
        }
    }

    /// Host only: a URL may carry a receiver's token, and the journal is for ever.
    private struct Registered: Encodable {
        let endpointId: EndpointID
        let organId: OrganID
        let host: String
        let eventTypes: [String]
        let throttlePerMinute: Int?
        let isOrdered: Bool
    }

    private struct Act: Encodable {
        let endpointId: EndpointID
        var since: Instant?
        var until: Instant?
        var replay: DeliveryQueue.Replay?
        var kind: String?
        var messages: Int?
    }

    /// A new secret (`v1`) or a new key pair (`v1a`); the former one signs along for `EndpointStore.secretOverlap`.
    /// What is returned is the secret, or the public key.
    func rotate(
        _ id: EndpointID, _ kind: WebhookSecretKind, _ context: EventContext, now: Instant
    ) async throws -> String {
        let secret = WebhookSecret.generate()
        let key = WebhookSigningKey.generate()
        let sealed = try seal.seal(kind == .symmetric ? secret.text : key.text, for: id)
        let isDone = try await pool.transaction { transaction in
            _ = try await EndpointStore.lock(id, transaction)
            let inForce = try await EndpointStore.secrets(of: id, now: now, transaction)
            guard inForce.filter({ $0.kind == kind.rawValue }).count < Self.maximumSecrets else { return false }
            try await EndpointStore.add(secret: sealed, kind: kind.rawValue, to: id, now: now, transaction)
            try await transaction.record(
                "brightkitchen.notification.endpoint.secret-rotated.v1", subject: id.rawValue,
                data: Act(endpointId: id, kind: kind.rawValue), context, occurredAt: now)
            return true
        }
        guard isDone else {
            throw Problem.conflict(
                code: "too_many_secrets", zh: "24 小时内更换过多次，请待旧密钥失效后再更换。",
                en: "Too many secrets are valid at the same time; wait until former ones have retired.")
        }
        return kind == .symmetric ? secret.text : key.publicKey.text
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
            let wasPaused = try await EndpointStore.resume(id, transaction)
            try await InboxStore.settle(endpoint: id, transaction)
            let messages = try await queueAgain(
                endpoint, since: since, until: now, .missing, now: now, transaction)
            if wasPaused {
                try await transaction.publish(
                    EndpointRecovered(
                        endpointId: id, pausedAt: endpoint.pausedAt, recoveredAt: now, replayedSince: since,
                        messages: messages), context, occurredAt: now)
            } else {
                try await transaction.record(
                    "brightkitchen.notification.endpoint.replayed.v1", subject: id.rawValue,
                    data: Act(endpointId: id, since: since, until: now, replay: .missing, messages: messages), context,
                    occurredAt: now)
            }
            transaction.afterCommit { dispatcher.kick() }
            return messages
        }
    }

    /// Sends again what falls into that time; to a paused endpoint once it is resumed. The number of messages queued.
    func replay(
        _ endpoint: Endpoint, since: Instant, until: Instant, _ replay: DeliveryQueue.Replay, _ context: EventContext,
        now: Instant
    ) async throws -> Int {
        let dispatcher = dispatcher
        return try await pool.transaction { transaction in
            let messages = try await queueAgain(
                endpoint, since: since, until: until, replay, now: now, transaction)
            try await transaction.record(
                "brightkitchen.notification.endpoint.replayed.v1", subject: endpoint.endpointId.rawValue,
                data: Act(
                    endpointId: endpoint.endpointId, since: since, until: until, replay: replay, messages: messages),
                context, occurredAt: now)
            transaction.afterCommit { dispatcher.kick() }
            return messages
        }
    }

    private func queueAgain(
        _ endpoint: Endpoint, since: Instant, until: Instant, _ replay: DeliveryQueue.Replay, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Int {
        let again = try await DeliveryQueue.requeue(
            endpoint.endpointId, since: since, until: until, replay, now: now, transaction)
        guard let organ = try await RegistryStore.organ(endpoint.organId, transaction) else { return again }
        let missing = try await OutgoingEvents.replayMissing(
            endpoint, organ: organ, since: since, until: until, policy: .init(), now: now, transaction)
        return again + missing
    }

    /// Queues a test event; it is tried once, also while the endpoint is paused: a repair is tried before resuming.
    func test(_ endpoint: Endpoint, correlationId: String, now: Instant) async throws -> String {
        let id = EventID.new()
        let body = try CloudEventBody.encode(
            CloudEventBody.Attributes(
                id: id.rawValue, source: source, type: WebhookEventType.test, subject: endpoint.endpointId.rawValue,
                time: now, partitionKey: endpoint.endpointId.rawValue, correlationId: correlationId),
            data: TestEvent(endpointId: endpoint.endpointId, message: "明厨亮灶 webhook test"))
        let dispatcher = dispatcher
        return try await pool.transaction { transaction in
            let delivery = try await DeliveryQueue.queueTest(body, for: endpoint.endpointId, now: now, transaction)
            transaction.afterCommit { dispatcher.kick() }
            return delivery
        }
    }

    private struct TestEvent: Encodable {
        let endpointId: EndpointID
        let message: String
    }

    func resend(
        _ deliveryId: String, of endpoint: EndpointID, _ context: EventContext, now: Instant
    ) async throws {
        let dispatcher = dispatcher
        let found = try await pool.transaction { transaction in
            let state = try await DeliveryStore.state(of: deliveryId, endpoint, transaction)
            guard state != nil else { return ResendOutcome.unknown }
            guard try await DeliveryQueue.resend(deliveryId, of: endpoint, now: now, transaction) else {
                return .underWay
            }
            try await transaction.record(
                "brightkitchen.notification.endpoint.message-resent.v1", subject: endpoint.rawValue,
                data: Resent(endpointId: endpoint, deliveryId: deliveryId), context, occurredAt: now)
            transaction.afterCommit { dispatcher.kick() }
            return .queued
        }
        switch found {
        case .unknown: throw Problem.notFound
        case .underWay:
            throw Problem.conflict(
                code: "under_way", zh: "该消息正在发送，请稍后再试。", en: "This message is being sent at this moment.")
        case .queued: return
        }
    }

    private enum ResendOutcome { case unknown, underWay, queued }

    private struct Resent: Encodable {
        let endpointId: EndpointID
        let deliveryId: String
    }
}
