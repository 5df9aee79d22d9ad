-- Patrol ledger: projections of the registry, patrols, evidence, problems, ledger.

-- Projections (written by consumers only) -----------------------------------------------------------------------------

CREATE TABLE organ (
    organ_id text PRIMARY KEY,
    name text NOT NULL,
    department text NOT NULL,
    level text NOT NULL,
    division_code text NOT NULL,
    parent_organ_id text,
    townships text[] NOT NULL DEFAULT '{}',
    -- Mark in ledger numbers: 440784, or 440784S01 for a station; given once.
    ledger_mark text NOT NULL UNIQUE,
    registered_at timestamptz NOT NULL
);

CREATE TABLE canteen (
    canteen_id text PRIMARY KEY,
    name text NOT NULL,
    school_id text NOT NULL,
    school_name text NOT NULL,
    school_type text NOT NULL,
    is_caterer boolean NOT NULL,
    division_code text NOT NULL,
    township text,
    station_organ_id text,
    county_organ_id text,
    city_organ_id text,
    supervising_department text NOT NULL,
    supervising_organ_id text,
    diners bigint NOT NULL,
    zones text[] NOT NULL,
    licence_number text NOT NULL,
    licence_valid_to date NOT NULL,
    operating boolean NOT NULL,
    licence_revoked_on date,
    registered_at timestamptz NOT NULL,
    CHECK (canteen_id <> '')
);
CREATE INDEX canteen_station ON canteen (station_organ_id);
CREATE INDEX canteen_county ON canteen (county_organ_id);
CREATE INDEX canteen_city ON canteen (city_organ_id);
CREATE INDEX canteen_school ON canteen (school_id);

CREATE TABLE camera (
    camera_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    school_id text NOT NULL,
    name text NOT NULL,
    zone text NOT NULL,
    gb_id text NOT NULL,
    is_anteroom boolean NOT NULL,
    status text NOT NULL
);
CREATE INDEX camera_canteen ON camera (canteen_id);

-- Appointments (指定专人) by pseudonymous person id; '' stands for "no organ" or "no school".
CREATE TABLE appointment (
    person_id text NOT NULL,
    role text NOT NULL,
    organ_id text NOT NULL DEFAULT '',
    school_id text NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (person_id, role, organ_id, school_id)
);

-- Patrols -------------------------------------------------------------------------------------------------------------

CREATE TABLE patrol (
    patrol_id text PRIMARY KEY,
    organ_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('planned', 'in_progress', 'submitted', 'closed', 'short', 'cancelled')),
    basis text[] NOT NULL CHECK (cardinality(basis) > 0),
    basis_reference text,
    planned_by text NOT NULL,
    planned_at timestamptz NOT NULL,
    started_by text,
    started_at timestamptz,
    -- ISO week of the start, in the city's zone.
    week text,
    closed_by text,
    closed_at timestamptz,
    cancel_reason text,
    rule_set text NOT NULL,
    checklist_version text NOT NULL,
    counted bigint,
    required bigint,
    ledger_number text,
    CHECK (closed_at IS NULL OR started_at IS NULL OR closed_at >= started_at)
);
CREATE INDEX patrol_organ ON patrol (organ_id, planned_at DESC);
CREATE INDEX patrol_open ON patrol (organ_id, week) WHERE state IN ('planned', 'in_progress');

CREATE TABLE visit (
    visit_id text PRIMARY KEY,
    patrol_id text NOT NULL REFERENCES patrol,
    canteen_id text NOT NULL,
    position bigint NOT NULL,
    -- Why this canteen: score, factors and formula version at the time of the choice.
    pick jsonb NOT NULL,
    -- Set when the patrol is closed.
    counts boolean,
    counted_on date,
    UNIQUE (patrol_id, canteen_id)
);
CREATE INDEX visit_canteen ON visit (canteen_id, counted_on DESC) WHERE counts;

-- One row per uninterrupted look at one camera, by the server's clock.
CREATE TABLE view_log (
    view_id text PRIMARY KEY,
    patrol_id text NOT NULL REFERENCES patrol,
    canteen_id text NOT NULL,
    camera_id text NOT NULL,
    zone text NOT NULL,
    person_id text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('live', 'playback')),
    -- heartbeat: the patrol page reported a running picture; ticket: parent access recorded a view; stated: entered by
    -- the officer and covered by a ticket.
    source text NOT NULL CHECK (source IN ('heartbeat', 'ticket', 'stated')),
    started_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    ended boolean NOT NULL DEFAULT false,
    CHECK (last_seen_at >= started_at)
);
CREATE INDEX view_log_patrol ON view_log (patrol_id, canteen_id, zone);

-- What parent access says about views by staff, kept until a patrol asks for it.
CREATE TABLE staff_view (
    session_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    camera_id text NOT NULL,
    person_id text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX staff_view_person ON staff_view (person_id, camera_id, started_at);

CREATE TABLE zone_sheet (
    patrol_id text NOT NULL REFERENCES patrol,
    canteen_id text NOT NULL,
    zone text NOT NULL,
    submitted_at timestamptz,
    submitted_by text,
    saved_at timestamptz NOT NULL,
    saved_by text NOT NULL,
    PRIMARY KEY (patrol_id, canteen_id, zone)
);

CREATE TABLE item_finding (
    patrol_id text NOT NULL,
    canteen_id text NOT NULL,
    zone text NOT NULL,
    item_code text NOT NULL,
    result text CHECK (result IN ('ok', 'violation', 'not_observable', 'not_applicable')),
    note text,
    no_evidence_reason text,
    severity bigint CHECK (severity BETWEEN 1 AND 3),
    evidence_ids text[] NOT NULL DEFAULT '{}',
    -- Set when the violation was made a problem before the patrol was submitted (及时通知).
    problem_id text,
    PRIMARY KEY (patrol_id, canteen_id, item_code),
    FOREIGN KEY (patrol_id, canteen_id, zone) REFERENCES zone_sheet
);

-- Evidence ------------------------------------------------------------------------------------------------------------

CREATE TABLE evidence (
    evidence_id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('still', 'clip', 'photograph')),
    canteen_id text NOT NULL,
    school_id text NOT NULL,
    patrol_id text REFERENCES patrol,
    zone text,
    camera_id text,
    -- Set for a photograph uploaded by a school for one problem.
    for_problem_id text,
    media_type text NOT NULL,
    byte_count bigint NOT NULL CHECK (byte_count > 0),
    hash_algorithm text NOT NULL,
    hash text NOT NULL,
    thumbnail_hash text,
    camera_time timestamptz,
    server_time timestamptz NOT NULL,
    -- server time − camera time; null where the camera time is unknown.
    offset_milliseconds bigint,
    captured_by text NOT NULL,
    state text NOT NULL DEFAULT 'sealed' CHECK (state IN ('captured', 'sealed')),
    -- Result of the last re-hash of the file.
    integrity text NOT NULL DEFAULT 'ok' CHECK (integrity IN ('ok', 'failed'))
);
CREATE INDEX evidence_patrol ON evidence (patrol_id, canteen_id, zone);
CREATE INDEX evidence_problem ON evidence (for_problem_id);

-- Problems ------------------------------------------------------------------------------------------------------------

CREATE TABLE problem (
    problem_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    school_id text NOT NULL,
    origin text NOT NULL,
    organ_id text,
    enforcement_organ_id text,
    patrol_id text REFERENCES patrol,
    zone text NOT NULL,
    item_code text NOT NULL,
    item_text text NOT NULL,
    severity bigint NOT NULL CHECK (severity BETWEEN 1 AND 3),
    description text NOT NULL,
    state text NOT NULL,
    found_by text NOT NULL,
    found_at timestamptz NOT NULL,
    notified_at timestamptz,
    acknowledge_by timestamptz NOT NULL,
    rectify_by timestamptz NOT NULL,
    deadline_provisional boolean NOT NULL,
    acknowledged_at timestamptz,
    rectified_by text,
    closed_at timestamptz,
    outcome text
);
CREATE INDEX problem_canteen ON problem (canteen_id, state);
CREATE INDEX problem_school ON problem (school_id, found_at DESC);
CREATE INDEX problem_patrol ON problem (patrol_id);
CREATE INDEX problem_found ON problem (found_at DESC);

CREATE TABLE problem_evidence (
    problem_id text NOT NULL REFERENCES problem,
    evidence_id text NOT NULL REFERENCES evidence,
    -- finding: what the organ saw; rectification: what the school shows.
    purpose text NOT NULL CHECK (purpose IN ('finding', 'rectification')),
    round bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (problem_id, evidence_id)
);
CREATE INDEX problem_evidence_evidence ON problem_evidence (evidence_id);

CREATE TABLE rectification (
    problem_id text NOT NULL REFERENCES problem,
    round bigint NOT NULL,
    cause text,
    measure text NOT NULL,
    prevention text NOT NULL,
    submitted_by text NOT NULL,
    submitted_at timestamptz NOT NULL,
    decision text CHECK (decision IN ('accepted', 'returned')),
    decided_by text,
    decided_at timestamptz,
    reason text,
    PRIMARY KEY (problem_id, round)
);

CREATE TABLE problem_step (
    problem_id text NOT NULL REFERENCES problem,
    number bigint NOT NULL,
    step text NOT NULL,
    actor text NOT NULL,
    at timestamptz NOT NULL,
    note text,
    PRIMARY KEY (problem_id, number)
);

-- Ledger --------------------------------------------------------------------------------------------------------------

CREATE TABLE ledger_counter (
    organ_id text NOT NULL,
    year bigint NOT NULL,
    last_number bigint NOT NULL,
    PRIMARY KEY (organ_id, year)
);

CREATE TABLE ledger_entry (
    ledger_number text PRIMARY KEY,
    organ_id text NOT NULL,
    year bigint NOT NULL,
    number bigint NOT NULL,
    patrol_id text NOT NULL REFERENCES patrol,
    content bytea NOT NULL,
    hash_algorithm text NOT NULL,
    content_hash text NOT NULL,
    appended_at timestamptz NOT NULL,
    corrects_number text REFERENCES ledger_entry,
    UNIQUE (organ_id, year, number)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the ledger only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER ledger_entry_grows_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One row per organ and week once it is decided; `missed` stays for ever.
CREATE TABLE week_result (
    organ_id text NOT NULL,
    week text NOT NULL,
    status text NOT NULL CHECK (status IN ('satisfied', 'exempt', 'missed')),
    quota bigint NOT NULL,
    operating bigint NOT NULL,
    required bigint NOT NULL,
    visited bigint,
    patrol_id text,
    reason text,
    -- A sufficient patrol that was recorded after the week had been written down as missed.
    made_up_by text,
    rule_set text NOT NULL,
    calendar_version text NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (organ_id, week)
);

-- The runtime role gets exactly what the running code does: the ledger and the timeline can only grow.
DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT SELECT, INSERT ON ledger_entry, problem_step, problem_evidence TO %I', runtime);
    EXECUTE format(
        'GRANT SELECT, INSERT, UPDATE ON organ, canteen, camera, appointment, patrol, visit, view_log, staff_view, '
        'zone_sheet, item_finding, evidence, problem, rectification, ledger_counter, week_result TO %I', runtime);
END
$$;
