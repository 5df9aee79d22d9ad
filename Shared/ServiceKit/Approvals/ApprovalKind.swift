import Access
import Postgres

/// A sort of proposal: who proposes, who agrees, what a reader is shown, what happens on agreement.
public struct ApprovalKind: Sendable {
    /// 7 days [PROPOSED]: long enough for a colleague's day off, short enough that nobody agrees to something forgotten.
    public static let standardLifetime: Duration = .seconds(7 * 86_400)

    public typealias Facts = @Sendable (Approval, BrightContext) throws -> [ApprovalFact]
    public typealias Effect = @Sendable (Approval, BrightContext, PostgresTransaction) async throws -> Void

    /// Stable, for programs: snake_case.
    public let name: String
    public let title: LocalizedText
    public let proposing: Action
    public let approving: Action
    public let lifetime: Duration
    let facts: Facts
    let apply: Effect

    /// `facts` says what would change, line by line. `apply` makes it so, in the transaction of the approval: when it
    /// throws, nothing was approved.
    public init(
        _ name: String, title: LocalizedText, proposing: Action, approving: Action,
        lifetime: Duration = standardLifetime, facts: @escaping Facts, apply: @escaping Effect
    ) {
        self.name = name
        self.title = title
        self.proposing = proposing
        self.approving = approving
        self.lifetime = lifetime
        self.facts = facts
        self.apply = apply
    }

    /// Whether this person sees proposals of this kind at all.
    func isVisible(to context: BrightContext) -> Bool {
        context.may(approving, intent: .read) || context.may(proposing, intent: .read)
    }
}
