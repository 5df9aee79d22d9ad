import Calendar
import Contracts
import Postgres

/// Published items: appended, never changed.
enum ItemStore {
    /// The public content of D1 and its version; nil before the first publication.
    static func licence(
        of canteen: CanteenID, _ database: some PostgresExecutor
    ) async throws -> (itemId: ItemID, version: Int, content: LicenceDisclosure)? {
        try await database.first(
            """
            SELECT item_id, version, content FROM item
            WHERE canteen_id = \(canteen) AND category = \(DisclosureCategory.d1) ORDER BY version DESC LIMIT 1
            """
        ) { row in
            let item: ItemID = try row["item_id"]
            return (item, try row["version"], try row.json("content"))
        }
    }

    /// Makes the next version of D1 public. Returns the published categories before and after.
    static func publish(
        _ licence: LicenceDisclosure, item: ItemID, of canteen: CanteenID, version: Int, reason: String,
        at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> (before: Completeness, after: Completeness) {
        try await transaction.execute(
            """
            INSERT INTO item (canteen_id, category, version, item_id, content, reason, valid_to, published_at)
            VALUES (\(canteen), \(DisclosureCategory.d1), \(version), \(item), \(json: licence), \(reason),
                \(licence.validTo), \(now))
            """)
        let before = try await transaction.first(
            "SELECT published_categories AS present FROM canteen WHERE canteen_id = \(canteen) FOR UPDATE"
        ) { row -> [DisclosureCategory] in try row["present"] }
        let after = Completeness((before ?? []) + [.d1])
        try await transaction.execute(
            """
            UPDATE canteen SET published_categories = \(after.present), licence_number = \(licence.number),
                licence_valid_to = \(licence.validTo), licence_revoked_on = \(licence.revokedOn),
                revision = revision + 1
            WHERE canteen_id = \(canteen)
            """)
        return (Completeness(before ?? []), after)
    }
}
