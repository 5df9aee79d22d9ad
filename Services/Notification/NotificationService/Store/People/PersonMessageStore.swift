import Calendar
import Contracts
import Postgres

/// Messages to persons: made from notices, claimed in batches, settled.
enum PersonMessageStore {
    /// Longer than a mail server may take.
    static let lease = Duration.seconds(120)
    static let largestBatch = 50

    /// A notice nobody was told of yet outside the inbox.
    struct NewNotice: Sendable {
        let noticeId: NoticeID
        let itemId: String
        let kind: NoticeKind
        let recipient: Recipient?
        let canteenId: CanteenID?
        let severity: Int?
    }

    static func claimNotices(now: Instant, _ transaction: PostgresTransaction) async throws -> [NewNotice] {
        try await transaction.query(
            """
            WITH fresh AS (
                SELECT notice_id FROM notice WHERE fanned_out_at IS NULL
                ORDER BY created_at LIMIT 200 FOR UPDATE SKIP LOCKED
            )
            UPDATE notice n SET fanned_out_at = \(now)
            FROM fresh JOIN notice x USING (notice_id) JOIN inbox_item i USING (item_id)
                 LEFT JOIN thread t ON t.thread_id = i.thread_id LEFT JOIN bulletin b ON b.bulletin_id = i.bulletin_id
            WHERE n.notice_id = fresh.notice_id
            RETURNING n.notice_id, n.item_id, n.kind, i.recipient, i.canteen_id, coalesce(t.severity, b.severity) AS severity
            """
        ) { row in
            NewNotice(
                noticeId: try row["notice_id"], itemId: try row["item_id"], kind: try row["kind"],
                recipient: Recipient(key: try row["recipient"]), canteenId: try row["canteen_id"],
                severity: try row["severity"])
        }
    }

    /// When this contact was last told, or will next be, about the matter.
    static func last(
        _ contactId: String, about itemId: String, _ executor: some PostgresExecutor
    ) async throws -> Instant? {
        try await executor.first(
            """
            SELECT max(coalesce(sent_at, due_at)) AS at FROM person_message
            WHERE contact_id = \(contactId) AND item_id = \(itemId) AND state IN ('queued', 'sent')
            """
        ) { row -> Instant? in try row["at"] } ?? nil
    }

    static func queue(
        _ notice: NewNotice, to contact: Contact, recipient: Recipient, isUrgent: Bool, due: Instant, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO person_message (message_id, contact_id, person_id, channel, recipient, notice_id, item_id, kind,
                                        canteen_id, is_urgent, state, due_at, queued_at)
            VALUES (\(UUIDv7.string()), \(contact.contactId), \(contact.personId), \(contact.channel),
                    \(recipient.key), \(notice.noticeId), \(notice.itemId), \(notice.kind), \(notice.canteenId),
                    \(isUrgent), 'queued', \(due), \(now))
            ON CONFLICT (contact_id, notice_id) DO NOTHING
            """)
    }

    static func queueDigest(
        to contact: Contact, recipient: Recipient, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO person_message (message_id, contact_id, person_id, channel, recipient, kind, is_urgent, state,
                                        due_at, queued_at)
            VALUES (\(UUIDv7.string()), \(contact.contactId), \(contact.personId), \(contact.channel),
                    \(recipient.key), 'digest', false, 'queued', \(now), \(now))
            """)
    }

    /// What goes out next to one contact, together: an earlier attempt as it was, or everything that is due.
    static func claim(now: Instant, _ transaction: PostgresTransaction) async throws -> [PersonMessage] {
        // One at a time: two workers that each held one of a contact's messages would send two mails instead of one.
        try await transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended('person message claim', 0))")
        let head = try await transaction.first(
            """
            SELECT * FROM person_message
            WHERE state = 'queued' AND due_at <= \(now) AND (leased_until IS NULL OR leased_until < \(now))
            ORDER BY is_urgent DESC, due_at, message_id LIMIT 1 FOR UPDATE SKIP LOCKED
            """, PersonMessage.init(from:))
        guard let head else { return [] }
        let batch: SQL =
            head.batchId.map { "batch_id = \($0)" }
            ?? (head.kind == PeopleDesk.digestKind
                ? "message_id = \(head.messageId)" : "batch_id IS NULL AND kind <> \(PeopleDesk.digestKind)")
        return try await transaction.query(
            """
            UPDATE person_message SET batch_id = coalesce(batch_id, \(head.messageId)), attempts = attempts + 1,
                leased_until = \(now + lease)
            WHERE message_id IN (
                SELECT message_id FROM person_message
                WHERE contact_id = \(head.contactId) AND state = 'queued' AND due_at <= \(now) AND \(batch)
                  AND (leased_until IS NULL OR leased_until < \(now))
                ORDER BY is_urgent DESC, due_at, message_id LIMIT \(largestBatch) FOR UPDATE SKIP LOCKED)
            RETURNING *
            """, PersonMessage.init(from:))
    }

    static func settleSent(
        _ message: PersonMessage, templateVersion: Int, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE person_message SET state = 'sent', sent_at = \(now), leased_until = NULL, reason = NULL,
                template_version = \(templateVersion)
            WHERE message_id = \(message.messageId) AND state = 'queued'
            """)
    }

    static func settleRetry(
        _ message: PersonMessage, at due: Instant, reason: String, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE person_message SET due_at = \(due), leased_until = NULL, reason = \(reason)
            WHERE message_id = \(message.messageId) AND state = 'queued'
            """)
    }

    static func settleEnded(
        _ message: PersonMessage, _ state: LedgerState, reason: String, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE person_message SET state = \(state), ended_at = \(now), leased_until = NULL, reason = \(reason)
            WHERE message_id = \(message.messageId) AND state = 'queued'
            """)
    }

    /// What was handed over under this id, or is at this moment: a report may be faster than our own record.
    static func handedOver(
        _ batchId: String, _ channels: [ContactChannel], _ transaction: PostgresTransaction
    ) async throws -> [PersonMessage] {
        try await transaction.query(
            """
            SELECT * FROM person_message
            WHERE batch_id = \(batchId) AND channel = ANY(\(channels.map(\.rawValue))::text[])
            ORDER BY message_id FOR UPDATE
            """, PersonMessage.init(from:))
    }

    /// False when nothing changed: it was settled before, or is only delayed.
    static func settle(
        _ message: PersonMessage, _ report: DeliveryReport, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        let changes: SQL =
            switch report.outcome {
            case .delivered: "state = 'delivered', delivered_at = \(now), reason = NULL"
            case .failed: "state = 'failed', ended_at = \(now), reason = \(report.reason)"
            case .delayed: "reason = \(report.reason)"
            }
        let changed = try await transaction.execute(
            """
            UPDATE person_message SET \(changes), sent_at = coalesce(sent_at, \(now))
            WHERE message_id = \(message.messageId) AND state IN ('queued', 'sent') AND attempts > 0
            """)
        return changed == 1 && report.outcome != .delayed
    }

    /// What a message is about, for its wording.
    struct Matter: Sendable {
        let isRead: Bool
        let schoolName: String?
        let canteenName: String?
        let itemText: String?
        let severity: Int?
        let number: String?
        let dueAt: Instant?
        let path: String
    }

    static func matter(_ message: PersonMessage, _ executor: some PostgresExecutor) async throws -> Matter? {
        try await executor.first(
            """
            SELECT n.read_at IS NOT NULL AS is_read, c.school_name, c.name AS canteen_name,
                   coalesce(t.item_text, b.item_text) AS item_text, coalesce(t.severity, b.severity) AS severity,
                   b.number, i.due_at,
                   CASE WHEN i.thread_id IS NOT NULL THEN '/notification/threads/' || i.thread_id
                        WHEN i.bulletin_id IS NOT NULL THEN '/notification/bulletins/' || i.bulletin_id
                        WHEN i.endpoint_id IS NOT NULL THEN '/notification/webhooks/' || i.endpoint_id
                        ELSE i.link END AS path
            FROM notice n JOIN inbox_item i USING (item_id)
                 LEFT JOIN canteen c ON c.canteen_id = i.canteen_id
                 LEFT JOIN thread t ON t.thread_id = i.thread_id LEFT JOIN bulletin b ON b.bulletin_id = i.bulletin_id
            WHERE n.notice_id = \(message.noticeId)
            """
        ) { row in
            Matter(
                isRead: try row["is_read"], schoolName: try row["school_name"], canteenName: try row["canteen_name"],
                itemText: try row["item_text"], severity: try row["severity"], number: try row["number"],
                dueAt: try row["due_at"], path: try row["path"])
        }
    }
}
