-- 考核 (art 14): frozen periods. A frozen one is never changed; a re-issue is a new version with its difference.
CREATE TABLE assessment (
    assessment_id text PRIMARY KEY,
    -- Organ or bureau that froze it: the facts of its own area or schools.
    organ_id text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    version bigint NOT NULL CHECK (version > 0),
    name text NOT NULL,
    formula text NOT NULL,
    reason text,
    frozen_by text NOT NULL,
    frozen_at timestamptz NOT NULL,
    -- The exact facts, and their SHA-256, which the journal keeps too.
    content bytea NOT NULL,
    content_hash text NOT NULL,
    UNIQUE (organ_id, first_day, last_day, version),
    CHECK ((version = 1) = (reason IS NULL))
);

CREATE TRIGGER assessment_grows_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assessment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        EXECUTE format('GRANT SELECT, INSERT ON assessment TO %I', runtime);
    END IF;
END
$$;
