import Attachments
import Calendar
import Contracts
import Postgres

/// Which files there are, for which canteen, and which items show them.
enum FileStore {
    static func save(
        _ file: Attachment, for canteen: CanteenID, at now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO stored_file (sha256, media_type, byte_count, stored_at)
            VALUES (\(file.digest), \(file.type), \(file.byteCount), \(now)) ON CONFLICT (sha256) DO NOTHING
            """)
        try await transaction.execute(
            """
            INSERT INTO canteen_file (canteen_id, sha256) VALUES (\(canteen), \(file.digest))
            ON CONFLICT (canteen_id, sha256) DO NOTHING
            """)
    }

    /// Those of the digests that were sent for this canteen.
    static func known(
        _ digests: [String], of canteen: CanteenID, _ database: some PostgresExecutor
    ) async throws -> Set<String> {
        guard !digests.isEmpty else { return [] }
        return Set(
            try await database.query(
                "SELECT sha256 FROM canteen_file WHERE canteen_id = \(canteen) AND sha256 = ANY (\(digests))"
            ) { try $0["sha256"] as String })
    }

    /// The item's public version shows these files.
    static func show(
        _ content: ItemContent, of item: ItemID, _ definition: CategoryDefinition, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute("DELETE FROM item_file WHERE item_id = \(item)")
        for field in definition.fields {
            for digest in content.values[field.name]?.files ?? [] {
                try await transaction.execute(
                    """
                    INSERT INTO item_file (item_id, sha256, is_public) VALUES (\(item), \(digest), \(field.isPublic))
                    ON CONFLICT (item_id, sha256) DO UPDATE SET is_public = item_file.is_public OR excluded.is_public
                    """)
            }
        }
    }

    struct Found: Sendable {
        let type: AttachmentType
        let isPublic: Bool
        /// Canteens for which it was sent: who may see it when it is not public.
        let canteens: [CanteenID]
    }

    static func find(_ digest: String, _ database: some PostgresExecutor) async throws -> Found? {
        try await database.first(
            """
            SELECT media_type,
                EXISTS (SELECT FROM item_file i JOIN item_head h USING (item_id)
                    WHERE i.sha256 = f.sha256 AND i.is_public AND h.state = \(ItemState.published)) AS is_public,
                ARRAY (SELECT canteen_id FROM canteen_file c WHERE c.sha256 = f.sha256 ORDER BY canteen_id) AS canteens
            FROM stored_file f WHERE sha256 = \(digest)
            """
        ) { row in
            Found(type: try row["media_type"], isPublic: try row["is_public"], canteens: try row["canteens"])
        }
    }
}
