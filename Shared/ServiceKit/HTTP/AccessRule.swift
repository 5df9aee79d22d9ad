import Access

/// Who may call a route. Every route declares one; there is no default.
public enum AccessRule: Hashable, Sendable {
    /// Anybody.
    case `public`
    /// Any signed-in member of staff or representative; no program.
    case signedIn
    /// A parent representative; browsers that are not signed in are sent to the parents' login.
    case representative
    /// Whoever may perform this on some record. The handler must still ask `context.authorise(_:on:)` about *the* record.
    case action(Action)
    /// Whoever may at least see this (○ in the matrix).
    case read(Action)
    /// Called by the gateway or by other services, under `/internal/`, which the gateway does not forward.
    case `internal`
}
