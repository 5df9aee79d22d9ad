import Journal
import Postgres

/// Reads what the operator's page shows; a handful of small statements.
struct OperationsStore: Sendable {
    let pool: PostgresPool

    func journal() async throws -> OperationsState.JournalState {
        let state = try await pool.first(
            """
            SELECT COALESCE((SELECT max(position) FROM journal), 0) AS newest,
                   (SELECT count(*) FROM journal_pending) AS pending,
                   COALESCE((SELECT max(size) FROM journal_checkpoint), 0) AS signed_size,
                   (SELECT signed_at FROM journal_checkpoint ORDER BY size DESC LIMIT 1) AS signed_at
            """
        ) { row in
            OperationsState.JournalState(
                newestPosition: try row["newest"], pending: try row["pending"], signedSize: try row["signed_size"],
                signedAt: try row["signed_at"])
        }
        guard let state else { throw Problem.unavailable() }
        return state
    }

    /// Topics that this service writes, reads, or has set something aside from; by name.
    /// - Parameter lags: of the topics that it reads, by name.
    func topics(lags: [String: Int64]) async throws -> [OperationsState.TopicState] {
        let written = try await pool.query(
            "SELECT topic, sum(log_offset + 1)::int8 AS n FROM journal_published GROUP BY topic"
        ) { row in TopicCount(topic: try row["topic"], count: try row["n"]) }
        let aside = try await pool.query(
            "SELECT topic, count(*) AS n FROM dead_letter WHERE resolved_at IS NULL GROUP BY topic"
        ) { row in TopicCount(topic: try row["topic"], count: try row["n"]) }
        let published = Dictionary(uniqueKeysWithValues: written.map { ($0.topic, $0.count) })
        let letters = Dictionary(uniqueKeysWithValues: aside.map { ($0.topic, $0.count) })
        return Set(published.keys).union(lags.keys).union(letters.keys).sorted().map { topic in
            OperationsState.TopicState(
                topic: topic, published: published[topic], lag: lags[topic], deadLetters: Int(letters[topic] ?? 0))
        }
    }

    private struct TopicCount: Sendable {
        let topic: String
        let count: Int64
    }

    /// Runs of `deploy/backup`, newest first. The table is made by `deploy/postgres/roles.sql`.
    func backups(limit: Int) async throws -> [OperationsState.Backup] {
        let exists = try await pool.first("SELECT to_regclass('operations.backup') IS NOT NULL AS it_exists") { row in
            try row["it_exists"] as Bool
        }
        guard exists == true else { return [] }
        return try await pool.query(
            """
            SELECT name, finished_at, bytes FROM operations.backup ORDER BY finished_at DESC LIMIT \(limit)
            """
        ) { row in
            OperationsState.Backup(name: try row["name"], finishedAt: try row["finished_at"], bytes: try row["bytes"])
        }
    }

    func archive() async throws -> OperationsState.Archive? {
        try await pool.first(
            """
            SELECT last_archived_time, last_failed_time,
                   COALESCE(last_failed_time > COALESCE(last_archived_time, '-infinity'), false) AS is_failing
            FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'
            """
        ) { row in
            OperationsState.Archive(
                lastArchivedAt: try row["last_archived_time"], lastFailedAt: try row["last_failed_time"],
                isFailing: try row["is_failing"])
        }
    }
}
