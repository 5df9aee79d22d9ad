-- Why an institution's supervising bureau is another than its type suggests; which level; who looks after one from outside.
ALTER TABLE institution
    ADD COLUMN supervising_reason text,
    ADD COLUMN supervising_level text CHECK (supervising_level IN ('province', 'city', 'county')),
    ADD COLUMN external_organ text,
    ADD COLUMN external_contact text;

-- Life of a canteen as decided by people; whether it operates also depends on its licence.
ALTER TABLE canteen
    ADD COLUMN life text NOT NULL DEFAULT 'open' CHECK (life IN ('open', 'suspended', 'closed', 'merged')),
    ADD COLUMN life_reason text,
    ADD COLUMN life_since date,
    ADD COLUMN merged_into text,
    ADD COLUMN branch_reason text,
    ADD COLUMN fixed_station_id text REFERENCES organ,
    ADD COLUMN station_reason text,
    ADD CHECK ((life = 'open') = (life_reason IS NULL)),
    ADD CHECK ((fixed_station_id IS NULL) = (station_reason IS NULL));
-- One licence, one canteen, except where a branch shares it for a stated reason.
ALTER TABLE canteen DROP CONSTRAINT canteen_licence_number_key;
CREATE UNIQUE INDEX canteen_licence_sole ON canteen (licence_number) WHERE branch_reason IS NULL;
CREATE INDEX canteen_licence ON canteen (licence_number);

-- Every licence that a canteen had; the canteen's own columns repeat the one it stands on now.
CREATE TABLE licence (
    canteen_id text NOT NULL REFERENCES canteen,
    number text NOT NULL,
    issued_on date NOT NULL,
    valid_to date NOT NULL,
    state text NOT NULL CHECK (state IN ('valid', 'revoked', 'cancelled', 'withdrawn')),
    ended_on date,
    scope text,
    verified_by text,
    PRIMARY KEY (canteen_id, number, issued_on)
);
CREATE INDEX licence_number ON licence (number);
INSERT INTO licence (canteen_id, number, issued_on, valid_to, state, ended_on)
SELECT id, licence_number, licence_issued_on, licence_valid_to, licence_state, licence_ended_on FROM canteen;

CREATE TABLE township (
    code text PRIMARY KEY CHECK (code ~ '^[0-9]{9}$'),
    name text NOT NULL,
    division_code text NOT NULL,
    division_name text NOT NULL,
    -- GB/T 10114: 400 and above are not statutory towns or subdistricts.
    functional_zone boolean GENERATED ALWAYS AS (substr(code, 7, 3) >= '400') STORED,
    UNIQUE (division_code, name)
);

CREATE TABLE certificate (
    institution_id text NOT NULL REFERENCES institution,
    kind text NOT NULL CHECK (kind IN ('haccp', 'iso22000')),
    number text NOT NULL,
    body text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    PRIMARY KEY (institution_id, kind, number)
);

CREATE TABLE contract (
    id text PRIMARY KEY,
    number text NOT NULL,
    canteen_id text NOT NULL REFERENCES canteen,
    caterer_canteen_id text NOT NULL REFERENCES canteen,
    starts_on date NOT NULL,
    ends_on date,
    meals text[] NOT NULL,
    diners bigint NOT NULL,
    choice_reason text,
    state text NOT NULL CHECK (state IN ('planned', 'active', 'ended')),
    ended_on date,
    end_reason text,
    UNIQUE (canteen_id, number),
    CHECK ((state = 'ended') = (end_reason IS NOT NULL))
);
-- The clock looks only at contracts that may begin or end.
CREATE INDEX contract_clock ON contract (state, starts_on, ends_on) WHERE state <> 'ended';
CREATE INDEX contract_caterer ON contract (caterer_canteen_id);

CREATE TABLE school_term (
    institution_id text NOT NULL REFERENCES institution,
    name text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    PRIMARY KEY (institution_id, name)
);
CREATE TABLE meal_day (
    institution_id text NOT NULL REFERENCES institution,
    day date NOT NULL,
    kind text NOT NULL CHECK (kind IN ('none', 'extra')),
    note text,
    PRIMARY KEY (institution_id, day)
);

-- Responsible persons (art 8, 9): who, for what, from when to when. The name stands apart, sealed, and can be erased.
CREATE TABLE duty_person (
    person_id text PRIMARY KEY,
    institution_id text NOT NULL REFERENCES institution,
    name text NOT NULL,
    name_lookup bytea NOT NULL
);
CREATE INDEX duty_person_name ON duty_person (institution_id, name_lookup);
CREATE TABLE duty (
    person_id text NOT NULL,
    institution_id text NOT NULL REFERENCES institution,
    canteen_id text REFERENCES canteen,
    kind text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    login text
);
CREATE UNIQUE INDEX duty_key ON duty (institution_id, coalesce(canteen_id, ''), kind, person_id, valid_from);
CREATE INDEX duty_person_id ON duty (person_id);
-- Who has no duty any more, and since when: from then the name's retention counts.
CREATE VIEW duty_person_left AS
    SELECT person_id, max(valid_to) AS valid_to FROM duty GROUP BY person_id HAVING bool_and(valid_to IS NOT NULL);

CREATE TABLE training_session (
    code text PRIMARY KEY,
    plan text,
    title text NOT NULL,
    audience text NOT NULL,
    organ_id text REFERENCES organ,
    institution_id text REFERENCES institution,
    held_on date NOT NULL,
    hours bigint NOT NULL,
    pass_mark bigint,
    CHECK ((organ_id IS NULL) <> (institution_id IS NULL))
);
CREATE INDEX training_session_held ON training_session (audience, held_on);
CREATE TABLE training_attendance (
    session_code text NOT NULL REFERENCES training_session,
    person_id text NOT NULL,
    score bigint,
    PRIMARY KEY (session_code, person_id)
);
CREATE INDEX training_attendance_person ON training_attendance (person_id);

-- Substring search in Chinese names: pairs of characters, as a list that GIN can index. (pg_trgm needs three characters and
-- a right to create extensions that a service's owner has not.)
CREATE FUNCTION character_pairs(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(lower($1), n, 2)), '{}')
    FROM generate_series(1, greatest(length($1) - 1, 0)) AS n
$$;
CREATE INDEX institution_name_pairs ON institution USING gin (character_pairs(name));
CREATE INDEX canteen_name_pairs ON canteen USING gin (character_pairs(name));

-- From when to when an organ was what, a station covered a township, an organ looked after a canteen. Kept by triggers, so that
-- no way in can forget it. Days are the city's; a change on the day of another replaces it. valid_to is inclusive.
CREATE TABLE organ_version (
    organ_id text NOT NULL,
    name text NOT NULL,
    division_code text NOT NULL,
    parent_organ_id text,
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (organ_id, valid_from)
);
CREATE TABLE township_assignment (
    division_code text NOT NULL,
    township text NOT NULL,
    organ_id text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (division_code, township, valid_from)
);
CREATE INDEX township_assignment_organ ON township_assignment (organ_id);
CREATE TABLE canteen_assignment (
    canteen_id text NOT NULL,
    station_organ_id text,
    county_organ_id text,
    city_organ_id text,
    supervising_organ_id text,
    reason text,
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (canteen_id, valid_from)
);

CREATE FUNCTION city_day() RETURNS date LANGUAGE sql STABLE AS $$ SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date $$;

CREATE FUNCTION note_organ() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE organ_version SET valid_to = city_day() - 1
    WHERE organ_id = NEW.id AND valid_to IS NULL AND valid_from < city_day();
    INSERT INTO organ_version (organ_id, name, division_code, parent_organ_id, valid_from)
    VALUES (NEW.id, NEW.name, NEW.division_code, NEW.parent_organ_id, city_day())
    ON CONFLICT (organ_id, valid_from) DO UPDATE SET name = excluded.name,
        division_code = excluded.division_code, parent_organ_id = excluded.parent_organ_id, valid_to = NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER organ_added AFTER INSERT ON organ FOR EACH ROW EXECUTE FUNCTION note_organ();
CREATE TRIGGER organ_changed AFTER UPDATE ON organ FOR EACH ROW
    WHEN ((OLD.name, OLD.division_code, OLD.parent_organ_id)
          IS DISTINCT FROM (NEW.name, NEW.division_code, NEW.parent_organ_id))
    EXECUTE FUNCTION note_organ();

-- A station's townships are deleted and inserted again when it changes: what comes back on the same day never left.
CREATE FUNCTION note_township() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE township_assignment SET valid_to = greatest(valid_from, city_day() - 1)
        WHERE division_code = OLD.division_code AND township = OLD.township AND valid_to IS NULL;
        RETURN NULL;
    END IF;
    UPDATE township_assignment SET valid_to = NULL
    WHERE division_code = NEW.division_code AND township = NEW.township AND organ_id = NEW.organ_id
        AND valid_to >= city_day() - 1
        AND NOT EXISTS (SELECT FROM township_assignment t WHERE t.division_code = NEW.division_code
                        AND t.township = NEW.township AND t.valid_to IS NULL);
    IF NOT FOUND THEN
        INSERT INTO township_assignment (division_code, township, organ_id, valid_from)
        VALUES (NEW.division_code, NEW.township, NEW.organ_id, city_day())
        ON CONFLICT (division_code, township, valid_from) DO UPDATE SET organ_id = excluded.organ_id, valid_to = NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER township_moved AFTER INSERT OR DELETE ON station_township
    FOR EACH ROW EXECUTE FUNCTION note_township();

CREATE FUNCTION note_canteen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE canteen_assignment SET valid_to = city_day() - 1
    WHERE canteen_id = NEW.id AND valid_to IS NULL AND valid_from < city_day();
    INSERT INTO canteen_assignment (canteen_id, station_organ_id, county_organ_id, city_organ_id,
                                    supervising_organ_id, reason, valid_from)
    VALUES (NEW.id, NEW.station_organ_id, NEW.county_organ_id, NEW.city_organ_id, NEW.supervising_organ_id,
            NEW.station_reason, city_day())
    ON CONFLICT (canteen_id, valid_from) DO UPDATE SET station_organ_id = excluded.station_organ_id,
        county_organ_id = excluded.county_organ_id, city_organ_id = excluded.city_organ_id,
        supervising_organ_id = excluded.supervising_organ_id, reason = excluded.reason, valid_to = NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER canteen_added AFTER INSERT ON canteen FOR EACH ROW EXECUTE FUNCTION note_canteen();
CREATE TRIGGER canteen_moved AFTER UPDATE ON canteen FOR EACH ROW
    WHEN ((OLD.station_organ_id, OLD.county_organ_id, OLD.city_organ_id, OLD.supervising_organ_id)
          IS DISTINCT FROM
          (NEW.station_organ_id, NEW.county_organ_id, NEW.city_organ_id, NEW.supervising_organ_id))
    EXECUTE FUNCTION note_canteen();

INSERT INTO organ_version (organ_id, name, division_code, parent_organ_id, valid_from)
SELECT id, name, division_code, parent_organ_id, city_day() FROM organ;
INSERT INTO township_assignment (division_code, township, organ_id, valid_from)
SELECT division_code, township, organ_id, city_day() FROM station_township;
INSERT INTO canteen_assignment (canteen_id, station_organ_id, county_organ_id, city_organ_id, supervising_organ_id, valid_from)
SELECT id, station_organ_id, county_organ_id, city_organ_id, supervising_organ_id, city_day() FROM canteen;
