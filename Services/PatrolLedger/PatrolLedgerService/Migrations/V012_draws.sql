-- 双随机 draws, and who must not inspect what (回避).

CREATE TABLE recusal (
    person_id text NOT NULL,
    school_id text NOT NULL,
    -- child_attends, relative_works, other_interest: never a name.
    reason text NOT NULL CHECK (reason IN ('child_attends', 'relative_works', 'other_interest')),
    declared_by text NOT NULL,
    declared_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (person_id, school_id)
);
CREATE INDEX recusal_school ON recusal (school_id);

CREATE TABLE draw (
    draw_id text PRIMARY KEY,
    organ_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('announced', 'drawn', 'published')),
    -- The exact documents that are hashed and, once published, given out.
    inputs bytea NOT NULL,
    inputs_hash text NOT NULL,
    -- 32 random bytes in hex; opened when the draw is published. Its SHA-256 is in the announcement.
    secret text NOT NULL,
    announced_by text NOT NULL,
    announced_at timestamptz NOT NULL,
    announcement_id text NOT NULL,
    result bytea,
    result_hash text,
    checkpoint_size bigint,
    checkpoint_root text,
    drawn_by text,
    drawn_at timestamptz,
    published_at timestamptz
);
CREATE INDEX draw_organ ON draw (organ_id, announced_at DESC);

DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON recusal, draw TO %I', runtime);
END
$$;
