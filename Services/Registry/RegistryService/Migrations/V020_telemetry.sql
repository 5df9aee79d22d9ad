-- What is known of each camera's signal, as intervals: a row is a change, never a message.
CREATE TABLE camera_signal_interval (
    camera_id text NOT NULL REFERENCES camera,
    from_at timestamptz NOT NULL,
    to_at timestamptz CHECK (to_at > from_at),
    state text NOT NULL CHECK (state IN ('ok', 'degraded', 'lost', 'flapping', 'unknown')),
    PRIMARY KEY (camera_id, from_at)
);
CREATE UNIQUE INDEX camera_signal_open ON camera_signal_interval (camera_id) WHERE to_at IS NULL;
CREATE INDEX camera_signal_ended ON camera_signal_interval (to_at);

-- Up to when reports have been taken in. An open interval is known to be true until then and no longer.
CREATE TABLE telemetry_heartbeat (
    source text PRIMARY KEY CHECK (source IN ('push', 'pull')),
    through timestamptz NOT NULL
);

-- Refused reports, counted: what arrives wrong a million times is one row a day.
CREATE TABLE telemetry_refusal (
    day date NOT NULL,
    platform text NOT NULL,
    reason text NOT NULL,
    reports bigint NOT NULL,
    last_at timestamptz NOT NULL,
    example text NOT NULL,
    PRIMARY KEY (day, platform, reason)
);

-- What the recorder really holds of a day: begin and end of each span in Unix milliseconds, in order, not touching.
CREATE TABLE camera_recording_day (
    camera_id text NOT NULL REFERENCES camera,
    day date NOT NULL,
    spans bigint[] NOT NULL CHECK (cardinality(spans) % 2 = 0),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (camera_id, day)
);
CREATE INDEX camera_recording_day_by_day ON camera_recording_day (day);

-- Since when a camera is in use, and the oldest recording that its recorder says it still keeps.
CREATE TABLE camera_watch (
    camera_id text PRIMARY KEY REFERENCES camera,
    since timestamptz NOT NULL,
    oldest_recording timestamptz
);

-- How long recordings must be kept: 15 days for all, 30 where the regime is public safety, more where promised.
CREATE TABLE camera_retention_policy (
    camera_id text PRIMARY KEY REFERENCES camera,
    regime text NOT NULL CHECK (regime IN ('public_safety', 'internal', 'undetermined')),
    promised_days bigint CHECK (promised_days BETWEEN 15 AND 365),
    changed_at timestamptz NOT NULL
);

CREATE TABLE camera_day_coverage (
    camera_id text NOT NULL REFERENCES camera,
    day date NOT NULL,
    recorded_ms bigint NOT NULL,
    operating_ms bigint NOT NULL,
    -- Gaps of more than 60 s, as pairs of Unix milliseconds.
    gaps bigint[] NOT NULL,
    state text NOT NULL CHECK (state IN ('met', 'short', 'unproven', 'exempt')),
    computed_at timestamptz NOT NULL,
    -- Recordings of the day arrived or an outage was approved after it was computed.
    is_stale boolean NOT NULL DEFAULT false,
    PRIMARY KEY (camera_id, day)
);
CREATE INDEX camera_day_coverage_day ON camera_day_coverage (day, state);
CREATE INDEX camera_day_coverage_stale ON camera_day_coverage (day, camera_id) WHERE is_stale;

-- Where each camera stands after the last computed day.
CREATE TABLE camera_retention (
    camera_id text PRIMARY KEY REFERENCES camera,
    state text NOT NULL CHECK (state IN ('accumulating', 'met', 'short', 'unproven')),
    minimum_days bigint NOT NULL,
    covered_days bigint NOT NULL,
    recorded_ms bigint NOT NULL,
    operating_ms bigint NOT NULL,
    through_day date NOT NULL
);
CREATE INDEX camera_retention_state ON camera_retention (state);

-- The daily computation, so that one that was cut off goes on where it stopped.
CREATE TABLE coverage_run (
    day date PRIMARY KEY,
    started_at timestamptz NOT NULL,
    after_camera_id text NOT NULL DEFAULT '',
    cameras bigint NOT NULL DEFAULT 0,
    finished_at timestamptz
);

-- 计划停机: entered by a school it counts once a regulator has approved it.
CREATE TABLE planned_outage (
    id text PRIMARY KEY,
    canteen_id text NOT NULL REFERENCES canteen,
    camera_id text REFERENCES camera,
    from_at timestamptz NOT NULL,
    to_at timestamptz NOT NULL CHECK (to_at > from_at),
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('requested', 'approved', 'refused', 'cancelled')),
    entered_by text NOT NULL,
    entered_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz
);
CREATE INDEX planned_outage_canteen ON planned_outage (canteen_id, to_at);
CREATE INDEX planned_outage_window ON planned_outage (to_at) WHERE state = 'approved';

-- Many cameras lost together are one incident, not as many alerts.
CREATE TABLE incident (
    id text PRIMARY KEY,
    scope text NOT NULL CHECK (scope IN ('canteen', 'division')),
    canteen_id text REFERENCES canteen,
    division_code text NOT NULL,
    started_at timestamptz NOT NULL,
    detected_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((scope = 'canteen') = (canteen_id IS NOT NULL))
);
CREATE UNIQUE INDEX incident_open ON incident (scope, coalesce(canteen_id, division_code)) WHERE ended_at IS NULL;
CREATE INDEX incident_started ON incident (started_at DESC, id);
CREATE TABLE incident_camera (
    incident_id text NOT NULL REFERENCES incident,
    camera_id text NOT NULL REFERENCES camera,
    lost_at timestamptz NOT NULL,
    recovered_at timestamptz,
    PRIMARY KEY (incident_id, camera_id)
);
CREATE INDEX incident_camera_open ON incident_camera (camera_id) WHERE recovered_at IS NULL;

-- Faults of devices. Without a camera: of an incident, for the canteen or (no canteen either) for the division.
CREATE TABLE device_fault (
    id text PRIMARY KEY,
    kind text NOT NULL,
    camera_id text REFERENCES camera,
    canteen_id text REFERENCES canteen,
    division_code text NOT NULL,
    incident_id text REFERENCES incident,
    state text NOT NULL
        CHECK (state IN ('detected', 'confirmed', 'assigned', 'repairing', 'recovered', 'closed')),
    detected_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    responsible text,
    recovered_at timestamptz,
    closed_at timestamptz,
    escalated_at timestamptz,
    version bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX device_fault_open ON device_fault (camera_id, kind) WHERE state <> 'closed' AND camera_id IS NOT NULL;
CREATE UNIQUE INDEX device_fault_incident ON device_fault (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX device_fault_state ON device_fault (state, detected_at);
CREATE INDEX device_fault_canteen ON device_fault (canteen_id, detected_at DESC);
CREATE TABLE device_fault_step (
    fault_id text NOT NULL REFERENCES device_fault,
    number bigint NOT NULL,
    state text NOT NULL,
    actor text NOT NULL,
    at timestamptz NOT NULL,
    note text,
    responsible text,
    PRIMARY KEY (fault_id, number)
);

-- Online and retention numbers of each division and day: what dashboards read.
CREATE TABLE division_rate (
    division_code text NOT NULL,
    day date NOT NULL,
    cameras bigint NOT NULL,
    pending bigint NOT NULL,
    active bigint NOT NULL,
    degraded bigint NOT NULL,
    offline bigint NOT NULL,
    unobserved bigint NOT NULL,
    retention_met bigint NOT NULL,
    retention_short bigint NOT NULL,
    retention_accumulating bigint NOT NULL,
    retention_unproven bigint NOT NULL,
    open_faults bigint NOT NULL,
    as_of timestamptz NOT NULL,
    PRIMARY KEY (division_code, day)
);
CREATE INDEX division_rate_day ON division_rate (day);
