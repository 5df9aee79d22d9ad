import Calendar
import Contracts
import Journal
import Postgres

/// The journal's entry about a step of an approval.
struct ApprovalRecord: Encodable {
    let approvalId: String
    let kind: String
    let subject: String
    let contentSha256: String
    let proposedBy: PersonID

    static func write(
        _ fact: String, _ approval: Approval, area: String, _ context: EventContext, _ now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.record(
            "brightkitchen.\(area).approval.\(fact).v1", subject: approval.id,
            data: ApprovalRecord(
                approvalId: approval.id, kind: approval.kind, subject: approval.subject,
                contentSha256: approval.contentSHA256, proposedBy: approval.proposedBy),
            context, occurredAt: now)
    }
}
