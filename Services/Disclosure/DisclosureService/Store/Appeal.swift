import Calendar
import Contracts
import Postgres

/// An appeal against a finding.
struct Appeal: Sendable {
    let appealId: AppealID
    let itemId: ItemID
    let canteenId: CanteenID
    let grounds: String
    /// open, upheld, dismissed.
    let state: String
    let filedAt: Instant
    let decideBy: LocalDate?
    let decision: String?

    static let columns: SQL = """
        a.appeal_id, a.item_id, a.canteen_id, a.grounds, a.state, a.filed_at, a.decide_by, a.decision
        """

    @Sendable init(_ row: Row) throws {
        appealId = try row["appeal_id"]
        itemId = try row["item_id"]
        canteenId = try row["canteen_id"]
        grounds = try row["grounds"]
        state = try row["state"]
        filedAt = try row["filed_at"]
        decideBy = try row["decide_by"]
        decision = try row["decision"]
    }

    static func find(_ id: AppealID, _ database: some PostgresExecutor) async throws -> Appeal? {
        try await database.first("SELECT \(columns) FROM appeal a WHERE a.appeal_id = \(id)", Appeal.init)
    }

    static func of(_ item: ItemID, _ database: some PostgresExecutor) async throws -> [Appeal] {
        try await database.query(
            "SELECT \(columns) FROM appeal a WHERE a.item_id = \(item) ORDER BY a.filed_at DESC", Appeal.init)
    }
}
