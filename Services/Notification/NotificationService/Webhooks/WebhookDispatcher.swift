import Calendar
import Concurrency
import Contracts
import Delivery
import Foundation
import Journal
import Logging
import Metrics
import Postgres
import ServiceLifecycle
import Synchronization

/// Sends due webhooks: claims and leases rows, signs, posts, writes down the attempt and what follows from it.
///
/// At least once: a dispatcher that dies between the answer and the record sends the message again after the lease, with
/// the same `webhook-id`. Several dispatchers may run; each takes other rows.
final class WebhookDispatcher: Service, Sendable {
    /// Without a kick, due retries are found at this interval.
    static let pollInterval = Duration.milliseconds(500)

    private let pool: PostgresPool
    private let http: HTTPClient
    private let seal: SecretSeal
    private let clock: any WallClock
    private let logger: Logger
    private let maximumUnderWay: Int
    private let wake = Signal()
    private let underWay = Atomic<Int>(0)
    private let attempts = Counter(label: "notification_webhook_attempts_total")
    private let failures = Counter(label: "notification_webhook_failures_total")
    private let pauses = Counter(label: "notification_endpoints_paused_total")

    init(
        pool: PostgresPool, http: HTTPClient, seal: SecretSeal, clock: any WallClock, logger: Logger,
        maximumUnderWay: Int
    ) {
        self.pool = pool
        self.http = http
        self.seal = seal
        self.clock = clock
        self.logger = logger
        self.maximumUnderWay = maximumUnderWay
    }

    /// Something was queued.
    func kick() {
        wake.send()
    }

    /// Until graceful shutdown: what is under way is finished, nothing new is begun.
    func run() async throws {
        await cancelWhenGracefulShutdown { await self.loop() }
        http.close()
    }

    /// Claims whenever there is room, so that a receiver that takes its time holds up nobody else.
    private func loop() async {
        var backoff = Backoff(base: .milliseconds(200), maximum: .seconds(10))
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                do {
                    let room = maximumUnderWay - underWay.load(ordering: .acquiring)
                    let claimed =
                        room > 0 ? try await DeliveryQueue.claim(limit: room, now: clock.now(), pool) : []
                    backoff.reset()
                    underWay.add(claimed.count, ordering: .acquiringAndReleasing)
                    for message in claimed {
                        group.addTask {
                            // A task of its own, so that a shutdown does not cut an attempt in two.
                            await Task { await self.deliver(message) }.value
                            self.underWay.subtract(1, ordering: .acquiringAndReleasing)
                            self.wake.send()
                        }
                    }
                    if claimed.isEmpty { await wake.wait(atMost: Self.pollInterval) }
                } catch {
                    logger.error("webhooks could not be taken from the queue", metadata: ["error": "\(error)"])
                    await wake.wait(atMost: backoff.next())
                }
            }
        }
    }

    /// One round: everything that is due now, up to the limit. The number of attempts.
    @discardableResult
    func deliverDue() async throws -> Int {
        let claimed = try await DeliveryQueue.claim(limit: maximumUnderWay, now: clock.now(), pool)
        await withTaskGroup(of: Void.self) { group in
            for message in claimed { group.addTask { await self.deliver(message) } }
        }
        return claimed.count
    }

    private func deliver(_ message: ClaimedDelivery) async {
        let started = clock.now()
        let begun = ContinuousClock.now
        do {
            let outcome = try await attempt(message, at: started)
            attempts.increment()
            let duration = ContinuousClock.now - begun
            try await settle(message, outcome, started: started, duration: duration)
        } catch {
            // The lease runs out and the message is taken up again.
            logger.error(
                "a webhook attempt could not be completed",
                metadata: ["delivery": "\(message.deliveryId)", "error": "\(error)"])
        }
    }

    private func attempt(
        _ message: ClaimedDelivery, at instant: Instant
    ) async throws -> DeliveryVerdict.Outcome {
        let sealed = try await EndpointStore.secrets(of: message.endpointId, now: instant, pool)
        var secrets: [WebhookSecret] = []
        var keys: [WebhookSigningKey] = []
        for secret in sealed {
            let text = try seal.open(secret.sealed, for: message.endpointId)
            if let value = WebhookSecret(text) { secrets.append(value) }
            if let key = WebhookSigningKey(text) { keys.append(key) }
        }
        let headers = try StandardWebhooks.sign(
            id: message.deliveryId, at: instant, body: message.body, secrets: secrets, signingKeys: keys)
        do {
            let response = try await http.send(
                .post(message.url, contentType: CloudEventBody.contentType, body: message.body, headers: headers))
            return .response(
                status: response.status, retryAfter: RetryAfter.parse(response.header("retry-after"), now: clock.now()))
        } catch let error as DeliveryError {
            return .error(error.code.rawValue)
        }
    }

    private func settle(
        _ message: ClaimedDelivery, _ outcome: DeliveryVerdict.Outcome, started: Instant, duration: Duration
    ) async throws {
        let now = clock.now()
        let verdict = DeliveryVerdict.decide(
            outcome, step: message.step, isTest: message.isTest, random: Double.random(in: 0...1))
        let (status, error): (Int?, String?) =
            switch outcome {
            case .response(let status, _): (status, nil)
            case .error(let code): (nil, code)
            }
        let record = WebhookDelivery.Attempt(
            deliveryId: message.deliveryId, number: message.attempt, startedAt: started,
            durationMs: Int(duration.microseconds / 1000), status: status, error: error)
        if verdict != .delivered {
            failures.increment()
            logger.warning(
                "webhook not delivered",
                metadata: [
                    "delivery": "\(message.deliveryId)", "endpoint": "\(message.endpointId)", "step": "\(message.step)",
                    "outcome": "\(outcome)", "verdict": "\(verdict)",
                ])
        }
        try await pool.transaction { transaction in
            try await DeliveryStore.record(record, transaction)
            if !message.isTest, let patience = RetrySchedule.slowDown(outcome) {
                try await EndpointStore.holdBack(message.endpointId, until: now + patience, transaction)
            }
            switch verdict {
            case .delivered:
                try await DeliveryStore.settleDelivered(message, now: now, transaction)
                try await self.journal("delivered", message, reason: nil, now: now, transaction)
            case .retry(let delay):
                try await DeliveryStore.settleRetry(message, at: now + delay, now: now, transaction)
            case .testFailed: try await DeliveryStore.settleFailed(message, now: now, transaction)
            case .pause(let reason):
                try await DeliveryStore.settleFailed(message, now: now, transaction)
                try await self.journal(
                    "failed", message, reason: error ?? status.map(String.init), now: now, transaction)
                try await self.pause(message.endpointId, reason, now: now, transaction)
            }
        }
    }

    private struct Outcome: Encodable {
        let deliveryId: String
        let endpointId: EndpointID
        let eventType: String
        let channel = LedgerChannel.webhook
        let attempts: Int
        let reason: String?
    }

    /// What became of an event goes into the journal; a test event is nobody's message.
    private func journal(
        _ fact: String, _ message: ClaimedDelivery, reason: String?, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        guard !message.isTest else { return }
        try await transaction.record(
            "brightkitchen.notification.notice.\(fact).v1", subject: message.endpointId.rawValue,
            data: Outcome(
                deliveryId: message.deliveryId, endpointId: message.endpointId, eventType: message.eventType,
                attempts: message.attempt, reason: reason),
            EventContext(actor: .system("notification"), correlationId: message.deliveryId), occurredAt: now)
    }

    /// Loudly: the event, the owner's inbox, the log and a metric. Nothing queued is lost.
    private func pause(
        _ id: EndpointID, _ reason: PauseReason, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        guard let endpoint = try await EndpointStore.lock(id, transaction),
            try await EndpointStore.pause(id, reason, now: now, transaction)
        else { return }
        let context = EventContext(actor: .system("notification"), correlationId: UUIDv7.string())
        let eventId = try await transaction.publish(
            EndpointPaused(endpointId: id, reason: reason.rawValue, pausedAt: now), context, occurredAt: now)
        try await InboxStore.deliver(
            InboxStore.Message(
                kind: .endpointPaused, eventId: eventId.rawValue, canteenId: nil, occurredAt: now, isOpen: true,
                dueAt: nil),
            about: .endpoint(id), to: .organ(endpoint.organId), context, now: now, transaction)
        let pauses = pauses
        let logger = logger
        transaction.afterCommit {
            pauses.increment()
            logger.error(
                "webhook endpoint paused",
                metadata: ["endpoint": "\(id)", "organ": "\(endpoint.organId)", "reason": "\(reason)"])
        }
    }
}
