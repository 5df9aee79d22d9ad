-- Projections of the registry's events -------------------------------------------------------------------------------

CREATE TABLE canteen (
    canteen_id             text PRIMARY KEY,
    school_id              text NOT NULL,
    name                   text NOT NULL,
    school_name            text NOT NULL,
    is_caterer             boolean NOT NULL,
    division_code          text NOT NULL,
    station_organ_id       text,
    county_organ_id        text,
    city_organ_id          text,
    supervising_organ_id   text,
    supervising_department text,
    operating              boolean NOT NULL,
    licence_number         text NOT NULL,
    licence_revoked        boolean NOT NULL DEFAULT false
);
CREATE INDEX canteen_school ON canteen (school_id);

CREATE TABLE camera (
    camera_id   text PRIMARY KEY,
    canteen_id  text NOT NULL,
    school_id   text NOT NULL,
    gb_id       text NOT NULL CHECK (gb_id ~ '^[0-9]{20}$'),
    name        text NOT NULL,
    zone        text NOT NULL,
    is_anteroom boolean NOT NULL,
    status      text NOT NULL,
    enabled_on  date NOT NULL
);
CREATE INDEX camera_school ON camera (school_id);

CREATE TABLE organ (
    organ_id    text PRIMARY KEY,
    name        text NOT NULL,
    department  text NOT NULL,
    level       text NOT NULL
);

-- Appointments that ended: a token issued before is no good any more.
CREATE TABLE dismissal (
    person_id text NOT NULL,
    role      text NOT NULL,
    ended_on  date NOT NULL,
    PRIMARY KEY (person_id, role)
);

-- Representatives ----------------------------------------------------------------------------------------------------

-- Pseudonymous: kept after erasure, for the record of who watched what.
CREATE TABLE representative (
    representative_id text PRIMARY KEY,
    school_id         text NOT NULL,
    account_number    text NOT NULL UNIQUE,
    state             text NOT NULL CHECK (state IN ('invited','activated','active','suspended','expired','revoked')),
    invited_at        timestamptz NOT NULL,
    activated_at      timestamptz,
    expires_at        timestamptz NOT NULL,
    ended_at          timestamptz,
    erased_at         timestamptz
);
CREATE INDEX representative_school ON representative (school_id, representative_id);

-- Erasable: everything that is about a person. A child's name has no column.
CREATE TABLE representative_person (
    representative_id text PRIMARY KEY REFERENCES representative,
    label             text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 40),
    mobile_number     text CHECK (mobile_number ~ '^1[3-9][0-9]{9}$')
);

CREATE TABLE credential (
    representative_id text PRIMARY KEY REFERENCES representative,
    rounds            integer NOT NULL,
    block_size        integer NOT NULL,
    parallelism       integer NOT NULL,
    salt              bytea NOT NULL,
    hash              bytea NOT NULL,
    failures          integer NOT NULL DEFAULT 0,
    locked_until      timestamptz
);

CREATE TABLE consent (
    representative_id text NOT NULL REFERENCES representative,
    version           text NOT NULL,
    accepted_at       timestamptz NOT NULL,
    PRIMARY KEY (representative_id, version)
);

CREATE TABLE invitation (
    token_hash        bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    representative_id text NOT NULL REFERENCES representative,
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    used_at           timestamptz,
    withdrawn_at      timestamptz
);
CREATE INDEX invitation_representative ON invitation (representative_id);

CREATE TABLE view_grant (
    grant_id          text PRIMARY KEY,
    representative_id text NOT NULL REFERENCES representative,
    school_id         text NOT NULL,
    camera_ids        text[] NOT NULL CHECK (cardinality(camera_ids) > 0),
    windows           jsonb NOT NULL,
    valid_from        timestamptz NOT NULL,
    valid_to          timestamptz NOT NULL CHECK (valid_to > valid_from),
    created_at        timestamptz NOT NULL,
    created_by        text NOT NULL,
    revoked_at        timestamptz,
    revoke_reason     text
);
CREATE INDEX view_grant_representative ON view_grant (representative_id);

CREATE TABLE login (
    login_hash        bytea PRIMARY KEY CHECK (octet_length(login_hash) = 32),
    representative_id text NOT NULL REFERENCES representative,
    created_at        timestamptz NOT NULL,
    last_seen_at      timestamptz NOT NULL,
    ended_at          timestamptz
);
CREATE INDEX login_representative ON login (representative_id);

-- Video --------------------------------------------------------------------------------------------------------------

CREATE TABLE ticket (
    ticket_hash bytea PRIMARY KEY CHECK (octet_length(ticket_hash) = 32),
    viewer      text NOT NULL,
    login_hash  bytea,
    camera_id   text NOT NULL,
    reason      text,
    reference   text,
    issued_at   timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX ticket_expiry ON ticket (expires_at);

-- The record of every view; kept when an account is erased (the viewer is a pseudonym).
CREATE TABLE view_session (
    session_id    text PRIMARY KEY,
    viewer        text NOT NULL,
    viewer_kind   text NOT NULL,
    principal     jsonb,
    login_hash    bytea,
    camera_id     text NOT NULL,
    canteen_id    text NOT NULL,
    school_id     text NOT NULL,
    reason        text,
    reference     text,
    started_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    allowed_until timestamptz NOT NULL,
    ends_by       text NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    ended_at      timestamptz,
    ended_by      text
);
CREATE INDEX view_session_running ON view_session (session_id) WHERE ended_at IS NULL;
CREATE INDEX view_session_school ON view_session (school_id, started_at DESC, session_id);
CREATE INDEX view_session_viewer ON view_session (viewer, started_at DESC, session_id);

-- What changed: every replica reads it once a second and brings its memory up to date ---------------------------------

CREATE TABLE live_change (
    position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    entity     text NOT NULL,
    id         text NOT NULL
);
CREATE INDEX live_change_time ON live_change (changed_at);

-- A trigger, so that no statement can forget it, not even one typed by hand.
CREATE FUNCTION note_live_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    EXECUTE format('INSERT INTO %I.live_change (entity, id) VALUES ($1, $2)', TG_TABLE_SCHEMA)
        USING TG_TABLE_NAME, changed ->> TG_ARGV[0];
    RETURN NULL;
END $$;

CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON canteen
    FOR EACH ROW EXECUTE FUNCTION note_live_change('canteen_id');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON camera
    FOR EACH ROW EXECUTE FUNCTION note_live_change('camera_id');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON dismissal
    FOR EACH ROW EXECUTE FUNCTION note_live_change('person_id');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON representative
    FOR EACH ROW EXECUTE FUNCTION note_live_change('representative_id');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON view_grant
    FOR EACH ROW EXECUTE FUNCTION note_live_change('representative_id');
-- Not for last_seen_at, which moves all the time.
CREATE TRIGGER note AFTER INSERT OR UPDATE OF ended_at OR DELETE ON login
    FOR EACH ROW EXECUTE FUNCTION note_live_change('representative_id');
CREATE TRIGGER note AFTER INSERT OR UPDATE OF ended_at, expires_at OR DELETE ON view_session
    FOR EACH ROW EXECUTE FUNCTION note_live_change('session_id');
