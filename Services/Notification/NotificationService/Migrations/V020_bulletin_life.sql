-- Bulletins by hand, and the whole life of one: draft, issued, delivered, receipted, answered, closed.

ALTER TABLE bulletin
    DROP CONSTRAINT bulletin_state_check, DROP CONSTRAINT bulletin_check, DROP CONSTRAINT bulletin_check1,
    DROP CONSTRAINT bulletin_check2;
ALTER TABLE bulletin
    ADD COLUMN title text,
    ADD COLUMN urgency text NOT NULL DEFAULT 'normal',
    -- Working days that the receivers have for their answer; absent for what came before.
    ADD COLUMN answer_days bigint CHECK (answer_days BETWEEN 1 AND 60),
    ADD COLUMN is_provisional boolean NOT NULL DEFAULT false,
    ADD COLUMN trigger text,
    ADD COLUMN rule text,
    ADD COLUMN drafted_by text,
    ADD COLUMN issued_by text,
    ADD COLUMN corrects_id text REFERENCES bulletin,
    ADD COLUMN corrected_by_id text REFERENCES bulletin,
    ADD COLUMN closed_at timestamptz,
    ADD COLUMN closed_by text,
    ADD COLUMN close_note text,
    -- Raised by every change of a draft: nobody overwrites what somebody else wrote.
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD CONSTRAINT bulletin_state CHECK (
        state IN ('draft', 'unroutable', 'issued', 'delivered', 'receipted', 'answered', 'closed')),
    ADD CONSTRAINT bulletin_numbered CHECK ((state IN ('draft', 'unroutable')) = (number IS NULL)),
    ADD CONSTRAINT bulletin_waits CHECK ((state = 'unroutable') = (waiting_for IS NOT NULL)),
    ADD CONSTRAINT bulletin_complete CHECK (
        number IS NULL OR (issuing_organ_id IS NOT NULL AND receiving_organ_id IS NOT NULL AND facts IS NOT NULL)),
    ADD CONSTRAINT bulletin_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL));

-- A finding leads to one bulletin, whether it is the first of its kind or a repetition.
DROP INDEX bulletin_by_problem;
CREATE UNIQUE INDEX bulletin_by_finding ON bulletin (problem_id) WHERE cause IN ('problem_found', 'repeated_problem');
-- One draft, and one correction, of a bulletin at a time.
CREATE UNIQUE INDEX bulletin_by_corrected ON bulletin (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX bulletin_drafts ON bulletin (issuing_organ_id) WHERE state = 'draft';

CREATE TABLE bulletin_canteen (
    bulletin_id text   NOT NULL REFERENCES bulletin ON DELETE CASCADE,
    ordinal     bigint NOT NULL,
    canteen_id  text   NOT NULL,
    PRIMARY KEY (bulletin_id, ordinal),
    UNIQUE (bulletin_id, canteen_id)
);
CREATE INDEX bulletin_canteen_by_canteen ON bulletin_canteen (canteen_id);

CREATE TABLE bulletin_problem (
    bulletin_id text NOT NULL REFERENCES bulletin ON DELETE CASCADE,
    problem_id  text NOT NULL,
    PRIMARY KEY (bulletin_id, problem_id)
);

-- Who receives it: 主送 (main), 抄送 (copy), and organs above that were told of an overdue answer (superior).
CREATE TABLE bulletin_recipient (
    bulletin_id   text NOT NULL REFERENCES bulletin ON DELETE CASCADE,
    organ_id      text NOT NULL,
    role          text NOT NULL CHECK (role IN ('main', 'copy', 'superior')),
    organ_name    text NOT NULL,
    department    text NOT NULL,
    receipt_by    timestamptz,
    answer_by     timestamptz,
    -- When the organs above are told that there is no answer.
    escalate_at   timestamptz,
    delivered_at  timestamptz,
    receipted_at  timestamptz,
    receipted_by  text,
    answered_at   timestamptz,
    answered_by   text,
    answer        text,
    overdue_at    timestamptz,
    escalated_at  timestamptz,
    urged_times   bigint NOT NULL DEFAULT 0,
    last_urged_at timestamptz,
    -- The event that told this organ; its webhook deliveries prove that it arrived.
    event_id      text,
    PRIMARY KEY (bulletin_id, organ_id),
    CHECK ((answered_at IS NULL) = (answer IS NULL)),
    CHECK (answered_at IS NULL OR receipted_at IS NOT NULL)
);
CREATE INDEX bulletin_recipient_by_organ ON bulletin_recipient (organ_id, role);
CREATE INDEX bulletin_recipient_open ON bulletin_recipient (answer_by)
    WHERE role = 'main' AND answered_at IS NULL AND answer_by IS NOT NULL;
CREATE INDEX bulletin_recipient_undelivered ON bulletin_recipient (event_id) WHERE delivered_at IS NULL;

-- What was issued before has one receiver, one canteen and at most one problem.
INSERT INTO bulletin_canteen (bulletin_id, ordinal, canteen_id) SELECT bulletin_id, 1, canteen_id FROM bulletin;
INSERT INTO bulletin_problem (bulletin_id, problem_id)
    SELECT bulletin_id, problem_id FROM bulletin WHERE problem_id IS NOT NULL;
INSERT INTO bulletin_recipient (bulletin_id, organ_id, role, organ_name, department, delivered_at, receipted_at,
                                receipted_by)
    SELECT bulletin_id, receiving_organ_id, 'main', receiving_organ_name, department, receipted_at, receipted_at,
           receipted_by
    FROM bulletin WHERE number IS NOT NULL;

-- The State Council's holiday notices, as the registry loaded them: working days are counted on nothing else.
CREATE TABLE holiday_year (
    year      bigint PRIMARY KEY,
    version   text   NOT NULL
);
CREATE TABLE holiday_day (
    year       bigint NOT NULL REFERENCES holiday_year ON DELETE CASCADE,
    day        date   NOT NULL,
    is_off_day boolean NOT NULL,
    PRIMARY KEY (year, day)
);
