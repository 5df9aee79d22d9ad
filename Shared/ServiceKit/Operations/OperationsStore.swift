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
