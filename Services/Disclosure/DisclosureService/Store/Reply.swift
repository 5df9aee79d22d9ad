import Calendar
import Contracts
import Postgres

/// A reply of a school or caterer to a finding.
struct Reply: Sendable {
    let replyId: ReplyID
    let itemId: ItemID
    let canteenId: CanteenID
    let text: String
    /// pending, published, refused.
    let state: String
    let writtenAt: Instant
    let decisionReason: String?

    static let columns: SQL = """
        p.reply_id, p.item_id, p.canteen_id, p.text, p.state, p.written_at, p.decision_reason
        """

    @Sendable init(_ row: Row) throws {
        replyId = try row["reply_id"]
        itemId = try row["item_id"]
        canteenId = try row["canteen_id"]
        text = try row["text"]
        state = try row["state"]
        writtenAt = try row["written_at"]
        decisionReason = try row["decision_reason"]
    }

    static func find(_ id: ReplyID, _ database: some PostgresExecutor) async throws -> Reply? {
        try await database.first("SELECT \(columns) FROM reply p WHERE p.reply_id = \(id)", Reply.init)
    }

    static func of(_ item: ItemID, _ database: some PostgresExecutor) async throws -> [Reply] {
        try await database.query(
            "SELECT \(columns) FROM reply p WHERE p.item_id = \(item) ORDER BY p.written_at DESC", Reply.init)
    }
}
