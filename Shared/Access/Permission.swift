/// One cell of the access matrix.
public struct Permission: Hashable, Sendable {
    public let intent: Intent
    public let scope: Scope
    /// True where each use must state a reason, which is recorded.
    public let needsReason: Bool

    static func perform(_ scope: Scope, reason: Bool = false) -> Permission {
        Permission(intent: .perform, scope: scope, needsReason: reason)
    }

    static func read(_ scope: Scope) -> Permission {
        Permission(intent: .read, scope: scope, needsReason: false)
    }

    /// ✔ covers reading too; ○ covers reading only.
    func covers(_ wanted: Intent) -> Bool { intent == .perform || wanted == .read }
}
