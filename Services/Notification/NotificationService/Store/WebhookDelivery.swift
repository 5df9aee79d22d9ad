import Calendar
import Contracts

/// One message to one endpoint.
struct WebhookDelivery: Encodable, Sendable {
    enum State: String, Codable, CaseIterable, Sendable {
        case queued
        case delivered
        /// Kept, and sent again by a replay.
        case failed
    }

    struct Attempt: Encodable, Sendable {
        let deliveryId: String
        let number: Int
        let startedAt: Instant
        let durationMs: Int
        let status: Int?
        let error: String?
    }

    let deliveryId: String
    let eventId: String?
    let eventType: String
    let canteenId: CanteenID?
    let state: State
    let attempts: Int
    let nextAttemptAt: Instant
    let createdAt: Instant
    let deliveredAt: Instant?
    var log: [Attempt] = []
}
