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
    /// Messages a minute; absent = no limit of the owner's.
    let throttlePerMinute: Int?
    /// The events of one canteen one after the other.
    let isOrdered: Bool
    let state: State
    let pausedReason: PauseReason?
    let pausedAt: Instant?
    let createdAt: Instant
    let failingSince: Instant?
    /// The receiver asked for patience until then.
    let notBefore: Instant?
    let queued: Int
    let failed: Int
}
