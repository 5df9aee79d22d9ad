import Calendar
import Contracts
import Postgres

/// The public history: appended, never changed.
enum ItemRecordStore {
    static let columns: SQL = """
        r.position, r.item_id, r.canteen_id, r.category, r.version, r.state, r.not_applicable, r.content, r.reason, r.reply,
        r.late, r.contested, r.valid_from, r.valid_to, r.superseded_by, r.published_at, r.recorded_at
        """

    /// The next place in the feed. Locks the feed until the commit.
    static func nextPosition(_ transaction: PostgresTransaction) async throws -> Int {
        let position = try await transaction.first("UPDATE feed_head SET position = position + 1 RETURNING position") {
            try $0["position"] as Int
        }
        guard let position else { throw StoreFault.feedWithoutHead }
        return position
    }

    static func insert(_ record: ItemRecord, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO item_record (position, item_id, canteen_id, category, version, state, not_applicable, content,
                reason, reply, late, contested, valid_from, valid_to, superseded_by, published_at, recorded_at)
            VALUES (\(record.position), \(record.itemId), \(record.canteenId), \(record.category), \(record.version),
                \(record.state), \(record.isNotApplicable), \(json: record.content), \(record.reason), \(record.reply),
                \(record.isLate), \(record.isContested), \(record.validFrom), \(record.validTo),
                \(record.supersededBy), \(record.publishedAt), \(record.recordedAt))
            """)
    }

    @Sendable static func record(_ row: Row) throws -> ItemRecord {
        ItemRecord(
            position: try row["position"], itemId: try row["item_id"], canteenId: try row["canteen_id"],
            category: try row["category"], version: try row["version"], state: try row["state"],
            isNotApplicable: try row["not_applicable"], content: try row.json("content"), reason: try row["reason"],
            reply: try row["reply"], isLate: try row["late"], validFrom: try row["valid_from"],
            validTo: try row["valid_to"], supersededBy: try row["superseded_by"], isContested: try row["contested"],
            publishedAt: try row["published_at"], recordedAt: try row["recorded_at"])
    }

    /// All entries of one item, oldest first.
    static func history(of item: ItemID, _ database: some PostgresExecutor) async throws -> [ItemRecord] {
        try await database.query(
            "SELECT \(columns) FROM item_record r WHERE r.item_id = \(item) ORDER BY r.position", record)
    }

    static func count(of canteen: CanteenID, _ database: some PostgresExecutor) async throws -> Int {
        try await database.first("SELECT count(*) AS n FROM item_record WHERE canteen_id = \(canteen)") {
            try $0["n"] as Int
        } ?? 0
    }

    /// Entries of a canteen, newest first.
    static func entries(
        of canteen: CanteenID, offset: Int, limit: Int, _ database: some PostgresExecutor
    ) async throws -> [ItemRecord] {
        try await database.query(
            """
            SELECT \(columns) FROM item_record r WHERE r.canteen_id = \(canteen)
            ORDER BY r.position DESC LIMIT \(limit) OFFSET \(offset)
            """, record)
    }

    /// What was public of a canteen at that time, by category and then newest first.
    static func asOf(
        _ time: Instant, of canteen: CanteenID, _ database: some PostgresExecutor
    ) async throws -> [ItemRecord] {
        try await database.query(
            """
            SELECT * FROM (
                SELECT DISTINCT ON (r.item_id) \(columns) FROM item_record r
                WHERE r.canteen_id = \(canteen) AND r.recorded_at <= \(time) ORDER BY r.item_id, r.position DESC
            ) r WHERE r.state = \(ItemState.published) ORDER BY r.category, r.position DESC
            """, record)
    }

    /// Entries after a place in the feed, in its order.
    static func changes(
        after position: Int, limit: Int, _ database: some PostgresExecutor
    ) async throws -> [ItemRecord] {
        try await database.query(
            "SELECT \(columns) FROM item_record r WHERE r.position > \(position) ORDER BY r.position LIMIT \(limit)",
            record)
    }

    static func head(_ database: some PostgresExecutor) async throws -> Int {
        try await database.first("SELECT position FROM feed_head") { try $0["position"] as Int } ?? 0
    }
}

enum StoreFault: Error {
    /// The migration makes this row; without it no place in the feed can be given out.
    case feedWithoutHead
}
