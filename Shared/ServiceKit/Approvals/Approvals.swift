import Access
import Calendar
import Contracts
import Journal
import Postgres

/// Two-person approval (双人审批) for one service: quotas, deadlines, roles, exports of personal data.
///
///     let approvals = Approvals(runtime, kinds: [ApprovalKind("quota_change", title: …, proposing: .changeRules,
///         approving: .changeRules, facts: { … }, apply: { approval, context, tx in … })])
///     approvals.declare(routes)                       // <prefix>/approvals and <prefix>/v1/approvals
///     try await approvals.propose("quota_change", subject: "patrol", content: draft, reason: reason, context, in: tx)
///
/// Proposer and approver are different persons: checked here and by the table. Every step is journalled (log-only,
/// `brightkitchen.<area>.approval.<fact>.v1`) with the content's hash, never with the content.
public struct Approvals: Sendable {
    let runtime: ServiceRuntime
    let kinds: [ApprovalKind]

    public init(_ runtime: ServiceRuntime, kinds: [ApprovalKind]) {
        self.runtime = runtime
        self.kinds = kinds
    }

    public func declare(_ routes: Routes) {
        ApprovalRoutes(approvals: self).declare(routes)
    }

    /// Where people decide, e.g. for the `Location` after a proposal.
    public var path: String { "\(runtime.description.pathPrefix)/approvals" }

    /// Proposes. 403 when the role may not propose this kind, 409 `approval_pending` when the same subject waits already.
    @discardableResult
    public func propose(
        _ kindName: String, subject: String, content: some Encodable, reason: String, _ context: BrightContext,
        in transaction: PostgresTransaction
    ) async throws -> Approval {
        guard let kind = kinds.first(where: { $0.name == kindName }) else { throw Problem.notFound }
        let principal = try context.requirePrincipal()
        guard context.may(kind.proposing) else { throw Problem.forbidden }
        // One whose time is over does not stand in the way of the next.
        for expired in try await ApprovalStore.expire(now: context.now, kind: kindName, subject: subject, transaction) {
            try await record(
                "expired", expired, context.eventContext(actor: .system("clock")), context.now, transaction)
        }
        let stored = try await ApprovalStore.insert(
            id: UUIDv7.string(), kind: kindName, subject: subject, content: try BrightJSON.encode(content),
            reason: reason, by: principal, at: context.now, until: context.now + kind.lifetime, transaction)
        guard let stored else {
            throw Problem.conflict(
                code: "approval_pending", zh: "同一事项已有待审批的申请。", en: "The same matter already waits for approval.")
        }
        try await record("proposed", stored, try context.eventContext(), context.now, transaction)
        return stored
    }

    /// Decides in one transaction with the effect. `digest` is the hash of the content that was shown.
    func decide(
        _ id: String, _ decision: ApprovalDecision, digest: String, note: String?, _ context: BrightContext
    ) async throws -> Approval {
        let principal = try context.requirePrincipal()
        return try await runtime.pool.transaction { transaction in
            guard let approval = try await ApprovalStore.find(id, locked: true, transaction),
                let kind = kinds.first(where: { $0.name == approval.kind })
            else { throw Problem.notFound }
            try checkRight(decision, approval, kind, principal, context)
            guard approval.status == .proposed, context.now < approval.expiresAt else {
                throw Problem.conflict(
                    code: "approval_closed", zh: "该申请已办结或已过期。", en: "This proposal is decided or has expired.")
            }
            guard constantTimeEquals(digest.lowercased(), approval.contentSHA256) else {
                throw Problem.conflict(
                    code: "approval_content_changed", zh: "内容与页面显示的不一致，请刷新后再决定。",
                    en: "The content is not the one that was shown. Reload the page and decide again.")
            }
            try await ApprovalStore.decide(
                approval, decision.status, by: principal.personId, note: note, at: context.now, transaction)
            if decision == .approve { try await kind.apply(approval, context, transaction) }
            try await record(
                decision.status.rawValue, approval, try context.eventContext(), context.now, transaction)
            return try await ApprovalStore.find(id, transaction) ?? approval
        }
    }

    private func checkRight(
        _ decision: ApprovalDecision, _ approval: Approval, _ kind: ApprovalKind, _ principal: Principal,
        _ context: BrightContext
    ) throws {
        let isProposer = approval.proposedBy == principal.personId
        if decision == .withdraw {
            guard isProposer else { throw kind.isVisible(to: context) ? Problem.forbidden : Problem.notFound }
            return
        }
        try context.authorise(kind.approving, on: approval.resource)
        guard !isProposer else {
            throw Problem.conflict(
                code: "same_person", zh: "申请人不能审批自己的申请，须由另一人审批。",
                en: "Nobody decides on a proposal of their own: it takes a second person.")
        }
    }

    /// Whether this person can decide on it now: for the buttons.
    func canDecide(_ approval: Approval, _ kind: ApprovalKind, _ context: BrightContext) -> Bool {
        approval.status == .proposed && context.now < approval.expiresAt
            && approval.proposedBy != context.principal?.personId && context.may(kind.approving, on: approval.resource)
    }

    private func record(
        _ fact: String, _ approval: Approval, _ context: EventContext, _ now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await ApprovalRecord.write(fact, approval, area: runtime.description.eventArea, context, now, transaction)
    }
}
