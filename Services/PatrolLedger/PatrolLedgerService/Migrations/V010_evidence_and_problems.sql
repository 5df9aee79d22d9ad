-- Evidence: review, hold, disposal, custody. Problems: side exits, extension, re-occurrence, overdue ladder.

ALTER TABLE evidence
    ADD COLUMN verdict text CHECK (verdict IN ('admissible', 'inadmissible')),
    ADD COLUMN verdict_reason text,
    ADD COLUMN reviewed_by text,
    ADD COLUMN reviewed_at timestamptz,
    -- A hold overrides retention. held_at without released_at, or a later held_at: held.
    ADD COLUMN held_at timestamptz,
    ADD COLUMN hold_reason text,
    ADD COLUMN released_at timestamptz,
    -- Journal entry that sealed it; null for evidence from before this column.
    ADD COLUMN seal_event_id text,
    -- The original is gone; the record of it is in the journal and in the custody record.
    ADD COLUMN disposed_at timestamptz,
    ADD CHECK (verdict IS DISTINCT FROM 'inadmissible' OR verdict_reason IS NOT NULL);
CREATE INDEX evidence_retention ON evidence (server_time) WHERE disposed_at IS NULL;
CREATE INDEX evidence_hash ON evidence (hash);

-- 证据保管记录: every hand that touched a piece of evidence, one row each, never changed.
CREATE TABLE evidence_custody (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    evidence_id text NOT NULL REFERENCES evidence,
    step text NOT NULL CHECK (step IN ('sealed', 'viewed', 'reviewed', 'attached', 'held', 'released', 'exported',
        'integrity_failed', 'integrity_restored', 'disposed')),
    actor text NOT NULL,
    at timestamptz NOT NULL,
    note text
);
CREATE INDEX evidence_custody_evidence ON evidence_custody (evidence_id, number);

INSERT INTO evidence_custody (evidence_id, step, actor, at, note)
SELECT evidence_id, 'sealed', 'person:' || captured_by, server_time, hash FROM evidence ORDER BY server_time, evidence_id;

CREATE TRIGGER evidence_custody_grows_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_custody
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Journal entry of each ledger entry, for its proof.
CREATE TABLE ledger_seal (
    ledger_number text PRIMARY KEY REFERENCES ledger_entry,
    event_id text NOT NULL
);

-- Each nightly re-hash of all evidence: when, how much, how it ended.
CREATE TABLE evidence_audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    files bigint NOT NULL,
    entries bigint NOT NULL,
    failures bigint NOT NULL,
    disposed bigint NOT NULL
);

ALTER TABLE problem
    ADD COLUMN reference text,
    ADD COLUMN recurrence_of text REFERENCES problem,
    ADD COLUMN linked_problem_id text REFERENCES problem,
    ADD COLUMN end_reason text,
    ADD COLUMN extended_at timestamptz,
    ADD COLUMN overdue_at timestamptz,
    ADD COLUMN withdrawal_by text,
    ADD COLUMN withdrawal_reason text,
    ADD COLUMN withdrawal_at timestamptz;
CREATE INDEX problem_item ON problem (canteen_id, item_code, closed_at);
CREATE INDEX problem_due ON problem (rectify_by)
    WHERE state IN ('notified', 'acknowledged', 'rectifying', 'returned') AND NOT deadline_provisional;

-- The overdue ladder (黄牌、红牌).
CREATE TABLE warning (
    warning_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    school_id text NOT NULL,
    problem_id text NOT NULL REFERENCES problem,
    level text NOT NULL CHECK (level IN ('yellow', 'red')),
    rule text NOT NULL,
    issued_at timestamptz NOT NULL,
    lifted_at timestamptz,
    lifted_by text,
    lift_reason text,
    UNIQUE (problem_id, level)
);
CREATE INDEX warning_canteen ON warning (canteen_id, issued_at DESC);

DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT SELECT, INSERT ON evidence_custody, evidence_audit, ledger_seal TO %I', runtime);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON warning TO %I', runtime);
END
$$;
