-- Grants by zone -----------------------------------------------------------------------------------------------------

ALTER TABLE view_grant DROP CONSTRAINT view_grant_camera_ids_check;
ALTER TABLE view_grant ADD COLUMN zones text[] NOT NULL DEFAULT '{}';
ALTER TABLE view_grant ADD CONSTRAINT view_grant_names_something CHECK (cardinality(camera_ids) + cardinality(zones) > 0);

-- Guests of organs, and the terms last accepted ----------------------------------------------------------------------

ALTER TABLE representative
    ADD COLUMN kind text NOT NULL DEFAULT 'parent' CHECK (kind IN ('parent', 'guest')),
    ADD COLUMN sponsor_organ_id text,
    ADD COLUMN consent_version text,
    ADD CONSTRAINT representative_sponsor CHECK ((kind = 'guest') = (sponsor_organ_id IS NOT NULL));
CREATE INDEX representative_sponsor_organ ON representative (sponsor_organ_id, representative_id)
    WHERE sponsor_organ_id IS NOT NULL;
UPDATE representative r SET consent_version =
    (SELECT version FROM consent c WHERE c.representative_id = r.representative_id ORDER BY accepted_at DESC LIMIT 1);

-- Activation codes: neither the number nor the code is kept, only the digest that binds both to the invitation --------

CREATE TABLE activation_code (
    token_hash  bytea PRIMARY KEY REFERENCES invitation ON DELETE CASCADE,
    code_digest bytea NOT NULL CHECK (octet_length(code_digest) = 32),
    sent_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    failures    integer NOT NULL DEFAULT 0,
    sends       integer NOT NULL DEFAULT 1
);
ALTER TABLE representative_person ADD COLUMN verified_at timestamptz;

-- A school's meal calendar, from the registry ------------------------------------------------------------------------------------------------

CREATE TABLE school_term (
    school_id text NOT NULL,
    name      text NOT NULL,
    first_day date NOT NULL,
    last_day  date NOT NULL,
    PRIMARY KEY (school_id, first_day)
);

CREATE TABLE school_day (
    school_id text NOT NULL,
    day       date NOT NULL,
    -- 0 = closed, 1 = Monday … 7 = Sunday: that weekday's windows apply.
    follows   integer NOT NULL CHECK (follows BETWEEN 0 AND 7),
    PRIMARY KEY (school_id, day)
);

-- Caterers' contracts, from the registry -----------------------------------------------------------------------------

CREATE TABLE supply_contract (
    contract_id text PRIMARY KEY,
    school_id   text NOT NULL,
    caterer_id  text NOT NULL,
    first_day   date NOT NULL,
    -- Inclusive; null = open.
    last_day    date
);
CREATE INDEX supply_contract_school ON supply_contract (school_id);

-- The city's outer limits, by version --------------------------------------------------------------------------------

CREATE TABLE city_rules (
    version            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    effective_from     timestamptz NOT NULL,
    opens              text NOT NULL,
    closes             text NOT NULL,
    streams_per_school integer NOT NULL CHECK (streams_per_school > 0),
    streams_per_person integer NOT NULL CHECK (streams_per_person > 0),
    quota              integer NOT NULL CHECK (quota > 0),
    guest_days         integer NOT NULL CHECK (guest_days > 0),
    reason             text NOT NULL,
    decided_by         text NOT NULL,
    decided_at         timestamptz NOT NULL
);

CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON school_term
    FOR EACH ROW EXECUTE FUNCTION note_live_change('school_id');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON school_day
    FOR EACH ROW EXECUTE FUNCTION note_live_change('school_id');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON supply_contract
    FOR EACH ROW EXECUTE FUNCTION note_live_change('school_id');
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON city_rules
    FOR EACH ROW EXECUTE FUNCTION note_live_change('version');

CREATE INDEX view_session_running_school ON view_session (school_id) WHERE ended_at IS NULL;
CREATE INDEX view_session_running_viewer ON view_session (viewer) WHERE ended_at IS NULL;
