import Access
import Calendar
import Contracts

/// A proposal under two-person approval (双人审批): one person proposes, another who holds the right agrees or refuses.
public struct Approval: Hashable, Sendable {
    /// UUIDv7.
    public let id: String
    /// `ApprovalKind.name`.
    public let kind: String
    /// What it is about: an id, never a name. One open proposal per kind and subject.
    public let subject: String
    /// JSON as it was proposed (snake_case, sorted keys).
    public let content: [UInt8]
    /// SHA-256 of `content`, lower-case hex. A decision must name it: nobody agrees to something other than what was shown.
    public let contentSHA256: String
    /// Why, in the proposer's words. Screened for personal data.
    public let reason: String
    public let proposedBy: PersonID
    public let proposedAt: Instant
    /// From this instant on nobody can agree any more.
    public let expiresAt: Instant
    public let status: ApprovalStatus
    /// The second person; the proposer when withdrawn; nil while open and when expired.
    public let decidedBy: PersonID?
    public let decidedAt: Instant?
    public let note: String?
    /// Where the proposer acts, which decides who may see and decide it.
    public let resource: Resource

    /// The content as the type that was proposed.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try BrightJSON.decode(type, from: content)
    }
}
