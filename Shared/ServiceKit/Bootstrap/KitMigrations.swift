import Postgres

/// ServiceKit's own tables, in every service's schema.
enum KitMigrations {
    static let all = [
        Migration(
            name: "kit/V001_idempotency",
            sql: """
                CREATE TABLE idempotency_answer (
                    scope text NOT NULL,
                    key text NOT NULL,
                    content_sha256 bytea NOT NULL,
                    created_at timestamptz NOT NULL,
                    status integer NOT NULL DEFAULT 0,
                    content_type text,
                    location text,
                    body bytea NOT NULL DEFAULT ''::bytea,
                    PRIMARY KEY (scope, key)
                );
                CREATE INDEX idempotency_answer_by_age ON idempotency_answer (created_at);
                """)
    ]
}
