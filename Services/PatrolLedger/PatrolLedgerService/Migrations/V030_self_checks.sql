-- 学校自查: 日管控、周排查、月调度 (art 8; SAMR Order 60).

-- School calendars, one per canteen as the registry's events are keyed; replaced as a whole by each event.
CREATE TABLE canteen_term (
    canteen_id text NOT NULL,
    name text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    PRIMARY KEY (canteen_id, first_day, name)
);

CREATE TABLE canteen_day (
    canteen_id text NOT NULL,
    day date NOT NULL,
    -- true: an extra day with meals; false: a day of the term without (停餐).
    serves boolean NOT NULL,
    PRIMARY KEY (canteen_id, day)
);

-- The moment from which on self-checks exist in this installation: nothing before it is owed.
CREATE TABLE self_check_start (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    started_at timestamptz NOT NULL
);

CREATE TABLE self_check (
    canteen_id text NOT NULL,
    school_id text NOT NULL,
    period text NOT NULL CHECK (period IN ('daily', 'weekly', 'monthly')),
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    due_by timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('generated', 'in_progress', 'submitted', 'reviewed', 'missed', 'exempt')),
    exemption text CHECK (exemption IN ('no_meal_day', 'outside_term', 'non_working_day', 'not_operating',
        'calendar_unknown', 'registered_in_period')),
    -- The school calendar or the holiday notice is not known: nothing is called missed on it.
    provisional boolean NOT NULL,
    -- The period in which the canteen was registered: offered, not owed.
    offered boolean NOT NULL,
    generated_at timestamptz NOT NULL,
    -- What was entered so far, before the first report.
    draft bytea,
    drafted_at timestamptz,
    -- Latest report; 0 = none.
    version bigint NOT NULL DEFAULT 0,
    late boolean,
    -- A report that came after the period had been called missed.
    made_up_at timestamptz,
    reviewed_by text,
    reviewed_at timestamptz,
    review_note text,
    PRIMARY KEY (canteen_id, period, first_day),
    CHECK ((state = 'exempt') = (exemption IS NOT NULL)),
    CHECK (state NOT IN ('submitted', 'reviewed') OR version > 0)
);
CREATE INDEX self_check_open ON self_check (due_by) WHERE state IN ('generated', 'in_progress');
CREATE INDEX self_check_days ON self_check (first_day, period, canteen_id);

-- Every version of every report; the latest counts, none is ever changed.
CREATE TABLE self_check_report (
    canteen_id text NOT NULL,
    period text NOT NULL,
    first_day date NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    submitted_by text NOT NULL,
    role text NOT NULL,
    submitted_at timestamptz NOT NULL,
    entered_at timestamptz,
    late boolean NOT NULL,
    no_problem_found boolean NOT NULL,
    -- The entry as it was accepted, in the words of the interface.
    content bytea NOT NULL,
    fingerprint text NOT NULL,
    identical_run bigint NOT NULL CHECK (identical_run > 0),
    quality_flags text[] NOT NULL,
    missing_reports date[] NOT NULL,
    problem_ids text[] NOT NULL,
    PRIMARY KEY (canteen_id, period, first_day, version),
    FOREIGN KEY (canteen_id, period, first_day) REFERENCES self_check
);

CREATE TRIGGER self_check_report_grows_only BEFORE UPDATE OR DELETE OR TRUNCATE ON self_check_report
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT SELECT, INSERT ON self_check_start, self_check_report TO %I', runtime);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON self_check TO %I', runtime);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON canteen_term, canteen_day TO %I', runtime);
END
$$;
