import Postgres

/// What is watched in every service: its journal's tree head, what was set aside, archive and backups of the database.
enum CommonFigures {
    static let all: [DomainFigure] = [
        DomainFigure("journal_tree_head_timestamp_seconds") { _ in
            """
            SELECT floor(extract(epoch FROM signed_at))::int8 AS value
            FROM journal_checkpoint ORDER BY size DESC LIMIT 1
            """
        },
        // Sequenced entries that no signed tree head covers yet.
        DomainFigure("journal_unsigned_entries") { _ in
            """
            SELECT COALESCE((SELECT max(index) + 1 FROM journal_leaf), 0)
                - COALESCE((SELECT max(size) FROM journal_checkpoint), 0) AS value
            """
        },
        DomainFigure("dead_letters", by: "kind", of: ["undecodable", "unknown_type", "handler_failed"]) { _ in
            "SELECT kind AS label, count(*) AS value FROM dead_letter WHERE resolved_at IS NULL GROUP BY kind"
        },
        DomainFigure("wal_archived_timestamp_seconds") { _ in
            """
            SELECT floor(extract(epoch FROM last_archived_time))::int8 AS value FROM pg_stat_archiver
            WHERE current_setting('archive_mode') <> 'off'
            """
        },
        DomainFigure("wal_archive_failing") { _ in
            """
            SELECT (last_failed_time > COALESCE(last_archived_time, '-infinity'))::int::int8 AS value
            FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off' AND last_failed_time IS NOT NULL
            """
        },
    ]
}
