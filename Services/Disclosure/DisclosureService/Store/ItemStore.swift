import Calendar
import Contracts
import Postgres

/// Items as they are now.
enum ItemStore {
    static func head(_ item: ItemID, _ database: some PostgresExecutor) async throws -> ItemHead? {
        try await database.first(
            "SELECT \(ItemHead.columns) FROM item_head r WHERE r.item_id = \(item)", ItemHead.read)
    }

    static func locked(_ item: ItemID, _ transaction: PostgresTransaction) async throws -> ItemHead? {
        try await transaction.first(
            "SELECT \(ItemHead.columns) FROM item_head r WHERE r.item_id = \(item) FOR UPDATE", ItemHead.read)
    }

    /// Items of a canteen, everything in preparation included, newest first within a category.
    static func heads(
        of canteen: CanteenID, in category: DisclosureCategory? = nil, _ database: some PostgresExecutor
    ) async throws -> [ItemHead] {
        try await database.query(
            """
            SELECT \(ItemHead.columns) FROM item_head r
            WHERE r.canteen_id = \(canteen) AND (\(category)::text IS NULL OR r.category = \(category))
            ORDER BY r.category, r.working_at DESC NULLS LAST, r.position DESC NULLS LAST, r.item_id
            """, ItemHead.read)
    }

    /// Public now, by category and then newest first.
    static func current(
        of canteen: CanteenID, _ database: some PostgresExecutor
    ) async throws -> [ItemRecord] {
        try await database.query(
            """
            SELECT \(ItemRecordStore.columns) FROM item_head r
            WHERE r.canteen_id = \(canteen) AND r.state = \(ItemState.published)
            ORDER BY r.category, r.position DESC
            """, ItemRecordStore.record)
    }

    /// True when another current item of the canteen and category says the same.
    static func isTaken(
        _ key: String, of head: ItemHead, _ database: some PostgresExecutor
    ) async throws -> Bool {
        try await database.first(
            """
            SELECT EXISTS (SELECT FROM item_head WHERE canteen_id = \(head.canteenId) AND category = \(head.category)
                AND unique_key = \(key) AND state = \(ItemState.published) AND item_id <> \(head.itemId)) AS taken
            """
        ) { try $0["taken"] as Bool } ?? false
    }

    /// The public content of D1 and its version; nil before the first publication.
    static func licence(
        of canteen: CanteenID, _ database: some PostgresExecutor
    ) async throws -> (itemId: ItemID, version: Int, content: LicenceDisclosure)? {
        try await database.first(
            """
            SELECT item_id, version, content FROM item_head
            WHERE canteen_id = \(canteen) AND category = \(DisclosureCategory.d1)
            """
        ) { row in
            let item: ItemID = try row["item_id"]
            return (item, try row["version"], try row.json("content"))
        }
    }

    /// Writes the version in preparation; makes the item when it is new.
    static func saveWorking(
        _ working: ItemHead.Working, of item: ItemID, canteen: CanteenID, category: DisclosureCategory,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO item_head AS h (item_id, canteen_id, category, working_state, working_content,
                working_not_applicable, working_reason, working_by, working_at, return_reason)
            VALUES (\(item), \(canteen), \(category), \(working.state), \(json: working.content),
                \(working.isNotApplicable), \(working.reason), \(working.by), \(working.at), \(working.returnReason))
            ON CONFLICT (item_id) DO UPDATE SET working_state = excluded.working_state,
                working_content = excluded.working_content, working_not_applicable = excluded.working_not_applicable,
                working_reason = excluded.working_reason, working_by = excluded.working_by,
                working_at = excluded.working_at, return_reason = excluded.return_reason, revision = h.revision + 1
            """)
    }

    /// Copies the record to the item's public face; the version in preparation is done with where the record has a new
    /// version.
    static func apply(
        _ record: ItemRecord, uniqueKey: String?, by publisher: Publisher?, clearsWorking: Bool,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO item_head AS h (item_id, canteen_id, category, state, version, position, not_applicable, content,
                reason, reply, late, contested, valid_from, valid_to, superseded_by, published_at, recorded_at, organ_id,
                published_by, unique_key)
            VALUES (\(record.itemId), \(record.canteenId), \(record.category), \(record.state), \(record.version),
                \(record.position), \(record.isNotApplicable), \(json: record.content), \(record.reason),
                \(record.reply), \(record.isLate), \(record.isContested), \(record.validFrom), \(record.validTo),
                \(record.supersededBy), \(record.publishedAt), \(record.recordedAt), \(publisher?.organId),
                \(publisher?.personId), \(uniqueKey))
            ON CONFLICT (item_id) DO UPDATE SET state = excluded.state, version = excluded.version,
                position = excluded.position, not_applicable = excluded.not_applicable, content = excluded.content,
                reason = excluded.reason, reply = excluded.reply, late = excluded.late, contested = excluded.contested,
                valid_from = excluded.valid_from, valid_to = excluded.valid_to, superseded_by = excluded.superseded_by,
                published_at = excluded.published_at, recorded_at = excluded.recorded_at,
                organ_id = coalesce(excluded.organ_id, h.organ_id),
                published_by = coalesce(excluded.published_by, h.published_by),
                unique_key = coalesce(excluded.unique_key, h.unique_key),
                reminded = CASE WHEN h.valid_to IS DISTINCT FROM excluded.valid_to THEN NULL ELSE h.reminded END,
                revision = h.revision + 1
            """)
        guard clearsWorking else { return }
        try await transaction.execute(
            """
            UPDATE item_head SET working_state = NULL, working_content = NULL, working_not_applicable = false,
                working_reason = NULL, working_by = NULL, working_at = NULL, return_reason = NULL
            WHERE item_id = \(record.itemId)
            """)
    }

    struct Publisher: Sendable {
        let organId: OrganID?
        let personId: PersonID
    }
}
