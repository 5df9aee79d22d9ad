-- Facts of other services for the assessment (考核, art 14), and for playback.

-- How complete a canteen's public record was, from a moment on.
CREATE TABLE disclosure_completeness (
    canteen_id text NOT NULL,
    changed_at timestamptz NOT NULL,
    present bigint NOT NULL CHECK (present >= 0),
    missing bigint NOT NULL CHECK (missing >= 0),
    PRIMARY KEY (canteen_id, changed_at)
);

-- 接入: how the connection of a canteen ended, or that its deadline passed.
CREATE TABLE access_fact (
    canteen_id text NOT NULL,
    at timestamptz NOT NULL,
    fact text NOT NULL CHECK (fact IN ('early', 'on_time', 'late', 'no_deadline', 'overdue')),
    PRIMARY KEY (canteen_id, at, fact)
);

-- 录像留存: days on which a camera recorded less than it must.
CREATE TABLE recording_shortfall (
    camera_id text NOT NULL,
    canteen_id text NOT NULL,
    day date NOT NULL,
    recorded_seconds bigint NOT NULL,
    operating_seconds bigint NOT NULL,
    gaps bigint NOT NULL,
    PRIMARY KEY (camera_id, day)
);
CREATE INDEX recording_shortfall_canteen ON recording_shortfall (canteen_id, day);

-- 家长反馈 by kind, and what became of it; neither words nor persons.
CREATE TABLE feedback_fact (
    feedback_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    kind text,
    received_at timestamptz,
    confirmed_at timestamptz,
    answered_at timestamptz
);
CREATE INDEX feedback_fact_canteen ON feedback_fact (canteen_id, received_at);

DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON disclosure_completeness, access_fact, recording_shortfall, feedback_fact TO %I', runtime);
    END IF;
END
$$;
