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
                """),
        Migration(
            name: "kit/V002_approval",
            sql: """
                -- Two-person approval. The content may name persons by id; the journal holds its hash only.
                CREATE TABLE approval (
                    id text PRIMARY KEY,
                    kind text NOT NULL,
                    subject text NOT NULL,
                    content text NOT NULL,
                    content_sha256 bytea NOT NULL CHECK (length(content_sha256) = 32),
                    reason text NOT NULL,
                    division_code text,
                    organ_id text,
                    school_id text,
                    proposed_by text NOT NULL,
                    proposed_at timestamptz NOT NULL,
                    expires_at timestamptz NOT NULL CHECK (expires_at > proposed_at),
                    status text NOT NULL DEFAULT 'proposed'
                        CHECK (status IN ('proposed', 'approved', 'refused', 'expired', 'withdrawn')),
                    decided_by text,
                    decided_at timestamptz,
                    note text,
                    CHECK ((status = 'proposed') = (decided_at IS NULL)),
                    CHECK ((status IN ('proposed', 'expired')) = (decided_by IS NULL)),
                    CONSTRAINT approval_needs_two_persons
                        CHECK (status NOT IN ('approved', 'refused') OR decided_by <> proposed_by),
                    CONSTRAINT approval_withdrawn_by_proposer
                        CHECK (status <> 'withdrawn' OR decided_by = proposed_by)
                );
                CREATE UNIQUE INDEX approval_open ON approval (kind, subject) WHERE status = 'proposed';
                CREATE INDEX approval_newest ON approval (proposed_at DESC, id DESC);
                CREATE INDEX approval_due ON approval (expires_at) WHERE status = 'proposed';
                -- What was proposed stays what was proposed, and a decision stays a decision.
                CREATE FUNCTION approval_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' AND OLD.status = 'proposed'
                        AND (NEW.id, NEW.kind, NEW.subject, NEW.content, NEW.content_sha256, NEW.reason,
                             NEW.proposed_by, NEW.proposed_at, NEW.expires_at)
                        = (OLD.id, OLD.kind, OLD.subject, OLD.content, OLD.content_sha256, OLD.reason,
                           OLD.proposed_by, OLD.proposed_at, OLD.expires_at)
                    THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'approval % is decided, % is refused', OLD.id, TG_OP
                        USING ERRCODE = 'insufficient_privilege';
                END
                $$;
                CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON approval
                    FOR EACH ROW EXECUTE FUNCTION approval_refuse_change();
                """),
    ]
}
