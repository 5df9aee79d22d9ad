/// How far a proposal got. Only `proposed` can change.
public enum ApprovalStatus: String, CaseIterable, Codable, Hashable, Sendable, Labelled {
    /// Waits for the second person.
    case proposed
    /// A second person agreed, and it took effect in the same transaction.
    case approved
    /// A second person refused.
    case refused
    /// Nobody decided in time.
    case expired
    /// The proposer took it back.
    case withdrawn

    public var labelKey: String { "approval_status.\(rawValue)" }
}
