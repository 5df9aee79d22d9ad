import Calendar
import Contracts
import Journal
import Postgres

/// Reading and acknowledging what lies in an inbox: who did it and when, in the journal.
enum InboxReceipts {
    /// Marks all notices of the line as read; a `NoticeRead` for each. Without effect when none was unread.
    static func read(
        _ itemId: String, by person: PersonID, _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        let item = try await transaction.first(
            "SELECT canteen_id FROM inbox_item WHERE item_id = \(itemId) FOR UPDATE"
        ) { row -> CanteenID? in try row["canteen_id"] }
        guard let item else { return }
        let notices = try await transaction.query(
            """
            UPDATE notice SET read_at = \(now), read_by = \(person)
            WHERE item_id = \(itemId) AND read_at IS NULL RETURNING notice_id
            """
        ) { row -> NoticeID in try row["notice_id"] }
        guard !notices.isEmpty else { return }
        try await transaction.execute("UPDATE inbox_item SET unread = 0 WHERE item_id = \(itemId)")
        if let canteenId = item {
            try await transaction.publish(
                notices.map { NoticeRead(noticeId: $0, canteenId: canteenId, readBy: person, readAt: now) },
                context, occurredAt: now)
        } else {
            for notice in notices {
                try await transaction.record(
                    "brightkitchen.notification.endpoint-notice.read.v1", subject: notice.rawValue,
                    data: Receipt(itemId: itemId, personId: person, at: now), context, occurredAt: now)
            }
        }
    }

    /// "We have received this": once per line, the first person counts. Reads it too.
    static func acknowledge(
        _ itemId: String, by person: PersonID, _ context: EventContext, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await read(itemId, by: person, context, now: now, transaction)
        let changed = try await transaction.first(
            """
            UPDATE inbox_item SET
                acknowledged_at = \(now), acknowledged_by = \(person),
                is_open = CASE WHEN thread_id IS NULL THEN false ELSE is_open END
            WHERE item_id = \(itemId) AND acknowledged_at IS NULL RETURNING bulletin_id
            """
        ) { row -> BulletinID? in try row["bulletin_id"] }
        guard let changed else { return }
        try await transaction.record(
            "brightkitchen.notification.notice.acknowledged.v1", subject: itemId,
            data: Receipt(itemId: itemId, personId: person, at: now), context, occurredAt: now)
        if let bulletinId = changed {
            try await transaction.execute(
                """
                UPDATE bulletin SET state = 'receipted', receipted_at = \(now), receipted_by = \(person)
                WHERE bulletin_id = \(bulletinId) AND state = 'issued'
                """)
            try await transaction.record(
                "brightkitchen.notification.bulletin.receipted.v1", subject: bulletinId.rawValue,
                data: Receipt(itemId: itemId, personId: person, at: now), context, occurredAt: now)
        }
    }

    private struct Receipt: Encodable {
        let itemId: String
        let personId: PersonID
        let at: Instant
    }
}
