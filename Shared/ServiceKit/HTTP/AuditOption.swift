/// Whether the requests of a route are in the audit trail.
public enum AuditOption: Hashable, Sendable {
    /// Unsafe methods, and views of what the access matrix counts as video, evidence or personal data.
    case byRule
    /// A view of personal data or evidence that its rule does not tell.
    case always
    /// No person acts: measurements of devices, which have records of their own.
    case never
}
