import Calendar
import Contracts
import Postgres

/// Inboxes that keep silent about a serious problem.
enum EscalationStore {
    struct Silent: Sendable {
        let itemId: String
        let recipient: Recipient?
        let threadId: String
        let canteenId: CanteenID
        let severity: Int?
        let since: Instant
        let dueAt: Instant?
        let taken: Int
        /// Who is told next: the organ above, or for a school the county regulator.
        let above: OrganID?
    }

    /// Open lines about problems of class 1 and 2 that nobody acknowledged, in the inbox or in the patrol ledger.
    static func silent(
        before instant: Instant, _ transaction: PostgresTransaction
    ) async throws -> [Silent] {
        try await transaction.query(
            """
            SELECT i.item_id, i.recipient, i.thread_id, t.canteen_id, t.severity, i.due_at,
                   (SELECT min(n.created_at) FROM notice n WHERE n.item_id = i.item_id) AS since,
                   (SELECT count(*) FROM escalation_step s WHERE s.item_id = i.item_id) AS taken,
                   coalesce(
                       o.parent_organ_id, CASE WHEN 'organ:' || c.county_organ_id <> i.recipient THEN c.county_organ_id END,
                       CASE WHEN 'organ:' || c.city_organ_id <> i.recipient THEN c.city_organ_id END) AS above
            FROM inbox_item i JOIN thread t ON t.thread_id = i.thread_id
                 LEFT JOIN canteen c ON c.canteen_id = t.canteen_id
                 LEFT JOIN organ o ON 'organ:' || o.organ_id = i.recipient
            WHERE i.is_open AND i.acknowledged_at IS NULL AND i.thread_id IS NOT NULL
              AND t.state = 'found' AND t.severity <= 2 AND t.found_at <= \(instant)
              AND (SELECT count(*) FROM escalation_step s WHERE s.item_id = i.item_id) < 2
            ORDER BY t.severity, i.item_id LIMIT 200 FOR UPDATE OF i SKIP LOCKED
            """
        ) { row in
            Silent(
                itemId: try row["item_id"], recipient: Recipient(key: try row["recipient"]),
                threadId: try row["thread_id"], canteenId: try row["canteen_id"], severity: try row["severity"],
                since: try row["since"], dueAt: try row["due_at"], taken: try row["taken"], above: try row["above"])
        }
    }

    static func take(
        _ step: Int, of itemId: String, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            "INSERT INTO escalation_step (item_id, step, taken_at) VALUES (\(itemId), \(step), \(now))")
    }

    static func notice(
        about eventId: String, of recipient: Recipient, _ transaction: PostgresTransaction
    ) async throws -> NoticeID? {
        try await transaction.first(
            """
            SELECT n.notice_id FROM notice n JOIN inbox_item i USING (item_id)
            WHERE n.event_id = \(eventId) AND i.recipient = \(recipient.key)
            """
        ) { row -> NoticeID in try row["notice_id"] }
    }
}
