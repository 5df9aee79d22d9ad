import Calendar
import Contracts

/// A representative's browser session: an opaque cookie whose hash is the key.
struct ParentLogin: Hashable, Sendable {
    /// Nobody at the phone for this long: log in again. A running view counts as use.
    static let idleLimit: Duration = .seconds(2 * 3600)
    /// Never longer than this.
    static let absoluteLimit: Duration = .seconds(12 * 3600)

    let hash: [UInt8]
    let representativeId: RepresentativeID
    let createdAt: Instant
    var lastSeenAt: Instant
    var endedAt: Instant?

    func isValid(at now: Instant) -> Bool {
        endedAt == nil && now < createdAt + Self.absoluteLimit && now < lastSeenAt + Self.idleLimit
    }
}
