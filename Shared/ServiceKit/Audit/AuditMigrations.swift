import Postgres

/// The trail of requests, in every service's schema.
enum AuditMigrations {
    static let all = [
        Migration(
            name: "kit/V010_audit",
            sql: """
                -- Who asked for what, from where, why, with which outcome: every mutation, and every view of video,
                -- evidence and personal data (等保 8.1.4.3). Written before the work is done: no trail, no work.
                CREATE TABLE audit_request (
                    id text PRIMARY KEY,
                    occurred_at timestamptz NOT NULL,
                    -- person:<id>, representative:<id> or anonymous; never a name
                    actor text NOT NULL,
                    role text,
                    -- row of the access matrix, or public, signed_in, representative
                    action text NOT NULL,
                    method text NOT NULL,
                    route text NOT NULL,
                    -- one-time secrets in it are replaced by '-'
                    path text NOT NULL,
                    -- keyed hash of the client's address
                    address_key text,
                    purpose text,
                    correlation_id text NOT NULL,
                    -- HTTP status; NULL = the service ended before it answered
                    status integer
                );
                CREATE INDEX audit_request_by_time ON audit_request (occurred_at, id);
                CREATE INDEX audit_request_by_actor ON audit_request (actor, occurred_at);

                -- The digest of each finished day is in the journal, and so in the signed tree.
                CREATE TABLE audit_day (
                    day date PRIMARY KEY,
                    requests bigint NOT NULL,
                    digest text NOT NULL,
                    sealed_at timestamptz NOT NULL
                );

                CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' THEN
                        IF OLD.status IS NULL AND NEW.status IS NOT NULL
                            AND to_jsonb(OLD) - 'status' = to_jsonb(NEW) - 'status' THEN
                            RETURN NEW;
                        END IF;
                    ELSIF TG_OP = 'DELETE' THEN
                        IF OLD.occurred_at < now() - interval '180 days'
                            AND OLD.occurred_at < now() - interval '6 months' THEN
                            RETURN OLD;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'the audit trail is not changed, % is refused', TG_OP
                        USING ERRCODE = 'insufficient_privilege';
                END
                $$;
                CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON audit_request
                    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
                CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit_request
                    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
                """)
    ]
}
