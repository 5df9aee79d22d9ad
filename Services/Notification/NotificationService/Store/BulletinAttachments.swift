import Attachments
import Calendar
import Contracts
import Postgres

/// SQL of which bulletin has which documents and pictures (附件).
enum BulletinAttachments {
    static func path(_ id: BulletinID, _ sha256: String) -> String {
        "/notification/bulletins/\(id)/attachments/\(sha256)"
    }

    /// In their order; `href` is a path of this platform.
    static func of(_ id: BulletinID, _ executor: some PostgresExecutor) async throws -> [BulletinAttachment] {
        try await executor.query(
            """
            SELECT name, media_type, byte_count, sha256 FROM bulletin_attachment
            WHERE bulletin_id = \(id) ORDER BY ordinal
            """
        ) { row in
            let sha256: String = try row["sha256"]
            return BulletinAttachment(
                name: try row["name"], mediaType: try row["media_type"], byteCount: try row["byte_count"],
                sha256: sha256, href: path(id, sha256))
        }
    }

    /// Adds a stored file. The same file twice is once: false.
    static func add(
        _ file: Attachment, named name: String, to id: BulletinID, by person: PersonID, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO bulletin_attachment (bulletin_id, sha256, ordinal, name, media_type, byte_count, added_at,
                                             added_by)
            SELECT \(id), \(file.digest), coalesce(max(ordinal), 0) + 1, \(name), \(file.type.mediaType),
                   \(file.byteCount), \(now), \(person)
            FROM bulletin_attachment WHERE bulletin_id = \(id)
            ON CONFLICT (bulletin_id, sha256) DO NOTHING
            """) == 1
    }

    /// A correction starts with what the original had.
    static func copy(
        from original: BulletinID, to id: BulletinID, by person: PersonID, at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO bulletin_attachment (bulletin_id, sha256, ordinal, name, media_type, byte_count, added_at,
                                             added_by)
            SELECT \(id), sha256, ordinal, name, media_type, byte_count, \(now), \(person)
            FROM bulletin_attachment WHERE bulletin_id = \(original)
            """)
    }

    /// Takes one file, or all (nil), off a draft. False when there was none.
    static func release(
        _ id: BulletinID, _ sha256: String?, at now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        let one: SQL = sha256.map { "AND sha256 = \($0)" } ?? ""
        try await transaction.execute(
            """
            INSERT INTO released_file (sha256, released_at)
            SELECT sha256, \(now) FROM bulletin_attachment WHERE bulletin_id = \(id) \(one)
            ON CONFLICT (sha256) DO NOTHING
            """)
        return try await transaction.execute("DELETE FROM bulletin_attachment WHERE bulletin_id = \(id) \(one)") > 0
    }

    /// From here to the commit nobody else adds or removes this file.
    static func lock(_ sha256: String, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(\("bulletin attachment " + sha256), 0))")
    }

    /// Removes released files from the disk that no bulletin names any more. The number of removed files.
    @discardableResult
    static func sweep(_ store: AttachmentStore, _ pool: PostgresPool) async throws -> Int {
        let released = try await pool.query("SELECT sha256 FROM released_file ORDER BY released_at LIMIT 100") {
            row -> String in try row["sha256"]
        }
        var removed = 0
        for sha256 in released {
            let isGone = try await pool.transaction { transaction in
                try await lock(sha256, transaction)
                let users = try await transaction.first(
                    "SELECT count(*) AS n FROM bulletin_attachment WHERE sha256 = \(sha256)"
                ) { row -> Int in try row["n"] }
                try await transaction.execute("DELETE FROM released_file WHERE sha256 = \(sha256)")
                guard users == 0 else { return false }
                try await store.remove(sha256)
                return true
            }
            if isGone { removed += 1 }
        }
        return removed
    }
}
