import Calendar
import Contracts
import Journal
import Postgres

/// Counts provisional deadlines again when a holiday notice arrives. A deadline that was told is never made shorter
/// (domain §8 no. 21).
enum BulletinDeadlineRefresh {
    static func run(_ context: EventContext, now: Instant, _ transaction: PostgresTransaction) async throws {
        let waiting = try await transaction.query(
            """
            SELECT bulletin_id, issued_at, answer_days FROM bulletin
            WHERE is_provisional AND state IN ('issued', 'delivered', 'receipted') ORDER BY bulletin_id FOR UPDATE
            """
        ) { row in
            Open(
                bulletinId: try row["bulletin_id"], issuedAt: try row["issued_at"],
                answerDays: try row["answer_days"])
        }
        guard !waiting.isEmpty else { return }
        let calendar = try await HolidayStore.calendar(transaction)
        let terms = try await BulletinRuleStore.current(transaction).content.terms
        for bulletin in waiting {
            let deadlines = try BulletinDeadlines(
                from: bulletin.issuedAt, receiptDays: terms.receiptDays,
                answerDays: bulletin.answerDays ?? terms.answerDays, escalationDays: terms.escalationDays,
                calendar: calendar)
            guard !deadlines.isProvisional else { continue }
            try await transaction.execute(
                """
                UPDATE bulletin_recipient SET
                    receipt_by = greatest(receipt_by, \(deadlines.receiptBy)),
                    answer_by = greatest(answer_by, \(deadlines.answerBy)),
                    escalate_at = greatest(escalate_at, \(deadlines.escalateAt))
                WHERE bulletin_id = \(bulletin.bulletinId) AND role = 'main'
                """)
            try await transaction.execute(
                "UPDATE bulletin SET is_provisional = false WHERE bulletin_id = \(bulletin.bulletinId)")
            try await transaction.record(
                "brightkitchen.notification.bulletin.deadline-recomputed.v1", subject: bulletin.bulletinId.rawValue,
                data: Recomputed(answerBy: deadlines.answerBy), context, occurredAt: now)
        }
    }

    private struct Open: Sendable {
        let bulletinId: BulletinID
        let issuedAt: Instant
        let answerDays: Int?
    }

    private struct Recomputed: Encodable {
        let answerBy: Instant
    }
}
