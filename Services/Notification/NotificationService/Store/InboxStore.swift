import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Inboxes: what organs and schools have on their desks, and the notices about it.
enum InboxStore {
    /// What a line of an inbox is about.
    enum Subject: Sendable {
        case thread(String)
        case bulletin(BulletinID)
        case endpoint(EndpointID)
        /// Something another service keeps: a stable key, and the local path of the page where one acts.
        case matter(String, link: String)
    }

    struct Message: Sendable {
        let kind: NoticeKind
        /// The event it is about; one message per event and inbox, however often the event comes.
        let eventId: String
        let canteenId: CanteenID?
        let occurredAt: Instant
        let isOpen: Bool
        let dueAt: Instant?
    }

    /// Puts a message into an inbox: one line per subject, later messages renew it. Publishes `NoticeCreated` where a
    /// canteen is concerned. Without effect when this inbox has a notice about the event already.
    static func deliver(
        _ message: Message, about subject: Subject, to recipient: Recipient, _ context: EventContext, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        let itemId = try await item(for: message, about: subject, recipient, transaction)
        let noticeId = NoticeID.new()
        let inserted = try await transaction.execute(
            """
            INSERT INTO notice (notice_id, item_id, kind, event_id, created_at)
            VALUES (\(noticeId), \(itemId), \(message.kind), \(message.eventId), \(now))
            ON CONFLICT (item_id, event_id) DO NOTHING
            """)
        guard inserted == 1 else { return }
        // An event that arrives late does not make itself the latest.
        try await transaction.execute(
            """
            UPDATE inbox_item SET
                unread = unread + 1, is_open = \(message.isOpen), due_at = \(message.dueAt),
                latest_kind = CASE WHEN latest_at <= \(message.occurredAt) THEN \(message.kind) ELSE latest_kind END,
                latest_at = greatest(latest_at, \(message.occurredAt))
            WHERE item_id = \(itemId)
            """)
        guard let canteenId = message.canteenId else { return }
        try await transaction.publish(
            NoticeCreated(
                noticeId: noticeId, canteenId: canteenId, recipientOrganId: recipient.organId,
                recipientSchoolId: recipient.schoolId, kind: message.kind.rawValue, aboutEventId: message.eventId),
            context, occurredAt: now)
    }

    private static func item(
        for message: Message, about subject: Subject, _ recipient: Recipient, _ transaction: PostgresTransaction
    ) async throws -> String {
        let threadId: String? = if case .thread(let id) = subject { id } else { nil }
        let bulletinId: BulletinID? = if case .bulletin(let id) = subject { id } else { nil }
        let endpointId: EndpointID? = if case .endpoint(let id) = subject { id } else { nil }
        let matter: String? = if case .matter(let key, _) = subject { key } else { nil }
        let link: String? = if case .matter(_, let path) = subject { path } else { nil }
        try await transaction.execute(
            """
            INSERT INTO inbox_item (item_id, recipient, thread_id, bulletin_id, endpoint_id, matter, link, canteen_id,
                                    is_open, latest_kind, latest_at, due_at)
            VALUES (\(UUIDv7.string()), \(recipient.key), \(threadId), \(bulletinId), \(endpointId),
                    \(matter), \(link), \(message.canteenId), \(message.isOpen), \(message.kind), \(message.occurredAt), \(message.dueAt))
            ON CONFLICT DO NOTHING
            """)
        let found = try await transaction.first(
            """
            SELECT item_id FROM inbox_item
            WHERE recipient = \(recipient.key)
              AND (thread_id = \(threadId) OR bulletin_id = \(bulletinId) OR endpoint_id = \(endpointId)
                   OR matter = \(matter))
            FOR UPDATE
            """
        ) { row -> String in try row["item_id"] }
        guard let found else { throw PostgresError(code: PostgresError.decoding, message: "an inbox item vanished") }
        return found
    }

    /// Whose inboxes have a line about it.
    static func recipients(
        ofMatter key: String, _ transaction: PostgresTransaction
    ) async throws -> [Recipient] {
        try await transaction.query(
            "SELECT recipient FROM inbox_item WHERE matter = \(key) ORDER BY recipient"
        ) { row -> String in try row["recipient"] }.compactMap(Recipient.init(key:))
    }

    /// A paused endpoint runs again: nothing is left to do about it.
    static func settle(endpoint: EndpointID, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("UPDATE inbox_item SET is_open = false WHERE endpoint_id = \(endpoint)")
    }

    /// Unread first, then what is open, in the order of their deadlines; the rest by age.
    static func page(
        of recipient: Recipient, unreadOnly: Bool, _ request: PageRequest, _ executor: some PostgresExecutor
    ) async throws -> PageOf<InboxItem> {
        let filter: SQL = unreadOnly ? "AND i.unread > 0" : ""
        let total = try await executor.first(
            "SELECT count(*) AS n FROM inbox_item i WHERE i.recipient = \(recipient.key) \(filter)"
        ) { row -> Int in try row["n"] }
        let items = try await executor.query(
            columns
                + """
                 WHERE i.recipient = \(recipient.key) \(filter)
                ORDER BY i.rank, i.due_at NULLS LAST, i.latest_at DESC, i.item_id
                LIMIT \(request.size) OFFSET \(request.offset)
                """, item(from:))
        return PageOf(items, of: request, total: total ?? 0)
    }

    struct Counts: Encodable, Sendable {
        let unread: Int
        let open: Int
        let overdue: Int
    }

    static func counts(of recipient: Recipient, now: Instant, _ executor: some PostgresExecutor) async throws -> Counts
    {
        let counts = try await executor.first(
            """
            SELECT count(*) FILTER (WHERE unread > 0) AS unread, count(*) FILTER (WHERE is_open) AS open,
                   count(*) FILTER (WHERE is_open AND due_at < \(now)) AS overdue
            FROM inbox_item WHERE recipient = \(recipient.key) AND rank < 2
            """
        ) { Counts(unread: try $0["unread"], open: try $0["open"], overdue: try $0["overdue"]) }
        return counts ?? Counts(unread: 0, open: 0, overdue: 0)
    }

    /// nil when the line does not exist or lies in another inbox.
    static func item(_ id: String, of recipient: Recipient, _ executor: some PostgresExecutor) async throws
        -> InboxItem?
    {
        try await executor.first(
            columns + " WHERE i.item_id = \(id) AND i.recipient = \(recipient.key)", item(from:))
    }

    static func item(
        thread: String, of recipient: Recipient, _ executor: some PostgresExecutor
    ) async throws -> InboxItem? {
        try await executor.first(
            columns + " WHERE i.thread_id = \(thread) AND i.recipient = \(recipient.key)", item(from:))
    }

    static func item(
        bulletin: BulletinID, of recipient: Recipient, _ executor: some PostgresExecutor
    ) async throws -> InboxItem? {
        try await executor.first(
            columns + " WHERE i.bulletin_id = \(bulletin) AND i.recipient = \(recipient.key)", item(from:))
    }

    static func item(
        endpoint: EndpointID, of recipient: Recipient, _ executor: some PostgresExecutor
    ) async throws -> InboxItem? {
        try await executor.first(
            columns + " WHERE i.endpoint_id = \(endpoint) AND i.recipient = \(recipient.key)", item(from:))
    }

    private static let columns: SQL = """
        SELECT i.*, c.name AS canteen_name, c.school_name, t.problem_id, t.item_text, t.item_code, t.severity,
               t.state AS thread_state, b.number, e.url
        FROM inbox_item i
        LEFT JOIN canteen c ON c.canteen_id = i.canteen_id
        LEFT JOIN thread t ON t.thread_id = i.thread_id
        LEFT JOIN bulletin b ON b.bulletin_id = i.bulletin_id
        LEFT JOIN endpoint e ON e.endpoint_id = i.endpoint_id
        """

    @Sendable private static func item(from row: Row) throws -> InboxItem {
        InboxItem(
            itemId: try row["item_id"], threadId: try row["thread_id"], bulletinId: try row["bulletin_id"],
            endpointId: try row["endpoint_id"], link: try row["link"], canteenName: try row["canteen_name"],
            schoolName: try row["school_name"], problemId: try row["problem_id"], itemText: try row["item_text"],
            itemCode: try row["item_code"], severity: try row["severity"], state: try row["thread_state"],
            bulletinNumber: try row["number"], endpointUrl: try row["url"], unread: try row["unread"],
            isOpen: try row["is_open"], latestKind: try row["latest_kind"], latestAt: try row["latest_at"],
            dueAt: try row["due_at"], acknowledgedAt: try row["acknowledged_at"])
    }
}
