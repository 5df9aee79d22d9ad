import Calendar
import Contracts

/// One entry of a thread as shown.
struct TimelineEntry: Encodable, Sendable {
    /// The fields of the various events that are shown; each event has some of them.
    struct Facts: Codable, Sendable {
        var description: String?
        var cause: String?
        var measure: String?
        var prevention: String?
        var reason: String?
        var outcome: ProblemOutcome?
        var evidence: [EvidenceReference]?
    }

    let eventId: String
    let kind: NoticeKind
    let occurredAt: Instant
    let facts: Facts
}
