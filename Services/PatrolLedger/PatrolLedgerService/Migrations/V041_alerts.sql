-- Alerts of AI and sensors: what machines say, and what people made of it.

CREATE TABLE device_alert (
    alert_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    school_id text NOT NULL,
    camera_id text,
    -- Name of the sensor with its vendor, for alerts without a camera.
    sensor text,
    zone text NOT NULL,
    vendor text NOT NULL,
    product_version text NOT NULL,
    vendor_code text NOT NULL,
    -- Our own code; null = not in the table of that time: kept, and looked at by a person.
    code text,
    code_table text NOT NULL,
    severity bigint CHECK (severity BETWEEN 1 AND 3),
    confidence double precision,
    celsius double precision,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    occurrences bigint NOT NULL DEFAULT 1,
    received_at timestamptz NOT NULL,
    -- Class 1: the school and the officers were told before a person had looked.
    told boolean NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'confirmed', 'false_positive', 'unknown')),
    decided_by text,
    decided_at timestamptz,
    reason text,
    problem_id text REFERENCES problem,
    CHECK (camera_id IS NOT NULL OR sensor IS NOT NULL),
    CHECK (state = 'waiting' OR decided_at IS NOT NULL),
    CHECK (state IN ('waiting', 'confirmed') OR reason IS NOT NULL)
);
CREATE INDEX device_alert_source ON device_alert (canteen_id, vendor, last_at DESC);
CREATE INDEX device_alert_queue ON device_alert (severity, last_at) WHERE state = 'waiting';
CREATE INDEX device_alert_received ON device_alert (received_at DESC);

-- Every single report, by the vendor's own id: a repetition is known by it.
CREATE TABLE alert_occurrence (
    vendor text NOT NULL,
    vendor_alert_id text NOT NULL,
    alert_id text NOT NULL REFERENCES device_alert,
    at timestamptz NOT NULL,
    PRIMARY KEY (vendor, vendor_alert_id)
);
CREATE INDEX alert_occurrence_alert ON alert_occurrence (alert_id);

-- Temperature sensors: since when they have been out of their range.
CREATE TABLE temperature_sensor (
    vendor text NOT NULL,
    canteen_id text NOT NULL,
    sensor text NOT NULL,
    kind text NOT NULL,
    last_at timestamptz NOT NULL,
    last_celsius double precision NOT NULL,
    out_since timestamptz,
    PRIMARY KEY (vendor, canteen_id, sensor)
);

CREATE TABLE alert_refusal (
    day date NOT NULL,
    vendor text NOT NULL,
    reason text NOT NULL,
    refused bigint NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (day, vendor, reason)
);

CREATE INDEX camera_gb_id ON camera (gb_id);
CREATE INDEX canteen_licence ON canteen (licence_number);

DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT SELECT, INSERT ON alert_occurrence TO %I', runtime);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON device_alert, temperature_sensor, alert_refusal TO %I', runtime);
END
$$;
