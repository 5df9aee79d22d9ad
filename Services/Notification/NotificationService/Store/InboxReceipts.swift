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
            "SELECT canteen_id, bulletin_id, recipient FROM inbox_item WHERE item_id = \(itemId) FOR UPDATE"
        ) { row in
            Line(
                canteenId: try row["canteen_id"], bulletinId: try row["bulletin_id"], recipient: try row["recipient"])
        }
        guard let item else { return }
        let notices = try await transaction.query(
            """
            UPDATE notice SET read_at = \(now), read_by = \(person)
            WHERE item_id = \(itemId) AND read_at IS NULL RETURNING notice_id
            """
        ) { row -> NoticeID in try row["notice_id"] }
        guard !notices.isEmpty else { return }
        try await transaction.execute("UPDATE inbox_item SET unread = 0 WHERE item_id = \(itemId)")
        if let bulletin = item.bulletinId, let organ = Recipient(key: item.recipient)?.organId {
            try await BulletinLife.delivered(bulletin, to: organ, at: now, transaction)
        }
        if let canteenId = item.canteenId {
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
        _ itemId: String, by person: PersonID, _ life: BulletinLife, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await read(itemId, by: person, context, now: now, transaction)
        let changed = try await transaction.first(
            """
            UPDATE inbox_item SET
                acknowledged_at = \(now), acknowledged_by = \(person),
                is_open = CASE WHEN thread_id IS NULL AND bulletin_id IS NULL THEN false ELSE is_open END
            WHERE item_id = \(itemId) AND acknowledged_at IS NULL RETURNING canteen_id, bulletin_id, recipient
            """
        ) { row in
            Line(
                canteenId: try row["canteen_id"], bulletinId: try row["bulletin_id"], recipient: try row["recipient"])
        }
        guard let changed else { return }
        try await transaction.record(
            "brightkitchen.notification.notice.acknowledged.v1", subject: itemId,
            data: Receipt(itemId: itemId, personId: person, at: now), context, occurredAt: now)
        if let bulletin = changed.bulletinId, let organ = Recipient(key: changed.recipient)?.organId {
            try await life.receipt(bulletin, of: organ, by: person, context, now: now, transaction)
        }
    }

    private struct Line: Sendable {
        let canteenId: CanteenID?
        let bulletinId: BulletinID?
        let recipient: String
    }

    private struct Receipt: Encodable {
        let itemId: String
        let personId: PersonID
        let at: Instant
    }
}
