-- Organs: regulators and bureaus. Nothing of any city is fixed here.
CREATE TABLE organ (
    id text PRIMARY KEY,
    name text NOT NULL UNIQUE,
    department text NOT NULL CHECK (department IN ('market_supervision', 'education', 'human_resources')),
    level text NOT NULL CHECK (level IN ('city', 'county', 'station')),
    division_code text NOT NULL CHECK (division_code ~ '^[0-9]{6}$'),
    parent_organ_id text REFERENCES organ
);
-- One bureau of a department per city or county; stations are many.
CREATE UNIQUE INDEX organ_seat ON organ (department, level, division_code) WHERE level <> 'station';

CREATE TABLE station_township (
    division_code text NOT NULL,
    township text NOT NULL,
    organ_id text NOT NULL REFERENCES organ,
    PRIMARY KEY (division_code, township)
);
CREATE INDEX station_township_organ ON station_township (organ_id);

CREATE TABLE institution (
    id text PRIMARY KEY,
    uscc text NOT NULL UNIQUE,
    name text NOT NULL,
    school_type text NOT NULL,
    supervising_department text NOT NULL,
    city_direct boolean NOT NULL,
    division_code text NOT NULL,
    township text
);
CREATE INDEX institution_name ON institution (name);

CREATE TABLE canteen (
    id text PRIMARY KEY,
    institution_id text NOT NULL REFERENCES institution,
    name text NOT NULL,
    serving_mode text NOT NULL,
    diners bigint NOT NULL,
    zones text[] NOT NULL,
    caterer_licence_number text,
    licence_number text NOT NULL UNIQUE,
    licence_issued_on date NOT NULL,
    licence_valid_to date NOT NULL,
    licence_state text NOT NULL CHECK (licence_state IN ('valid', 'revoked', 'cancelled', 'withdrawn')),
    licence_ended_on date,
    station_organ_id text REFERENCES organ,
    county_organ_id text REFERENCES organ,
    city_organ_id text REFERENCES organ,
    supervising_organ_id text REFERENCES organ,
    operating boolean NOT NULL,
    UNIQUE (institution_id, name)
);
-- The nightly sweep looks only at canteens whose licence may have run out or begun.
CREATE INDEX canteen_operating ON canteen (operating, licence_valid_to);

CREATE TABLE camera (
    id text PRIMARY KEY,
    canteen_id text NOT NULL REFERENCES canteen,
    name text NOT NULL,
    zone text NOT NULL,
    gb_id text NOT NULL UNIQUE,
    enabled_on date NOT NULL,
    is_anteroom boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'active', 'degraded', 'offline'))
);
CREATE INDEX camera_canteen ON camera (canteen_id);
CREATE INDEX camera_status ON camera (status, id);

-- What a person looked at before a camera became active. One waiting frame per camera at most.
CREATE TABLE first_frame (
    id text PRIMARY KEY,
    camera_id text NOT NULL REFERENCES camera,
    captured_at timestamptz NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    jpeg bytea NOT NULL,
    decision text CHECK (decision IN ('confirm', 'reject')),
    reason text,
    decided_by text,
    decided_at timestamptz
);
CREATE INDEX first_frame_camera ON first_frame (camera_id, captured_at DESC);
CREATE UNIQUE INDEX first_frame_waiting ON first_frame (camera_id) WHERE decision IS NULL;
