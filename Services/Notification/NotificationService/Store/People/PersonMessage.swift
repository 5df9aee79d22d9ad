import Calendar
import Contracts
import Postgres

/// One notice, or a digest, on its way to one contact.
struct PersonMessage: Sendable {
    let messageId: String
    let contactId: String
    let personId: PersonID
    let channel: ContactChannel
    let recipient: Recipient
    let noticeId: NoticeID?
    let itemId: String?
    let kind: String
    let canteenId: CanteenID?
    let isUrgent: Bool
    let queuedAt: Instant
    let batchId: String?
    let attempts: Int

    init(from row: Row) throws {
        messageId = try row["message_id"]
        contactId = try row["contact_id"]
        personId = try row["person_id"]
        channel = try row["channel"]
        let key: String = try row["recipient"]
        guard let recipient = Recipient(key: key) else {
            throw PostgresError(code: PostgresError.decoding, message: "not a recipient: \(key)")
        }
        self.recipient = recipient
        noticeId = try row["notice_id"]
        itemId = try row["item_id"]
        kind = try row["kind"]
        canteenId = try row["canteen_id"]
        isUrgent = try row["is_urgent"]
        queuedAt = try row["queued_at"]
        batchId = try row["batch_id"]
        attempts = try row["attempts"]
    }
}
