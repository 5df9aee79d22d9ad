import Calendar
import Contracts

/// A webhook endpoint of an organ. Its secrets are elsewhere and never read together with it.
struct Endpoint: Encodable, Sendable {
    enum State: String, Codable, CaseIterable, Sendable {
        case active
        case paused
    }

    let endpointId: EndpointID
    let organId: OrganID
    let url: String
    let description: String
    let eventTypes: [String]
    let state: State
    let pausedReason: PauseReason?
    let pausedAt: Instant?
    let createdAt: Instant
    let failingSince: Instant?
    let queued: Int
    let failed: Int
}
