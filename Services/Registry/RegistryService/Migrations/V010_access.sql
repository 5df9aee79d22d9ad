-- The working-day calendar (domain §3): every load that changes anything is a version; old versions stay readable.
CREATE TABLE calendar_version (
    number bigint PRIMARY KEY CHECK (number > 0),
    loaded_at timestamptz NOT NULL,
    loaded_by text NOT NULL,
    -- Years whose notice this version brought or replaced.
    loaded_years bigint[] NOT NULL
);
-- The notice of a year in version n is the one with the highest version that is not above n.
CREATE TABLE calendar_notice (
    year bigint NOT NULL,
    version bigint NOT NULL REFERENCES calendar_version,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    content text NOT NULL,
    PRIMARY KEY (year, version)
);

-- Where every canteen stands with its connection (art 5): state, clock, and the facts that lists and dashboards show.
CREATE TABLE canteen_access (
    canteen_id text PRIMARY KEY REFERENCES canteen,
    state text NOT NULL CHECK (state IN ('planned', 'building', 'applied', 'testing', 'connected', 'suspended',
                                         'disconnected', 'not_required')),
    reason text,
    clock text NOT NULL CHECK (clock IN ('none', 'legacy', 'running', 'overdue', 'met', 'cancelled')),
    licence_number text,
    started_on date,
    deadline date,
    provisional boolean NOT NULL,
    calendar_version bigint,
    reminded_day bigint NOT NULL,
    registered_on date NOT NULL,
    overdue_at timestamptz,
    connected_at timestamptz,
    timeliness text CHECK (timeliness IN ('early', 'on_time', 'late', 'no_deadline')),
    days bigint,
    special_reason text,
    special_note text,
    next_at timestamptz,
    unmet text[] NOT NULL,
    is_ready boolean NOT NULL,
    canteen_name text NOT NULL,
    school_id text NOT NULL,
    school_name text NOT NULL,
    division_code text NOT NULL,
    station_organ_id text,
    county_organ_id text,
    city_organ_id text,
    supervising_organ_id text,
    supervising_department text NOT NULL,
    operating boolean NOT NULL,
    is_caterer boolean NOT NULL,
    cameras bigint NOT NULL,
    cameras_active bigint NOT NULL,
    cameras_degraded bigint NOT NULL,
    cameras_offline bigint NOT NULL,
    cameras_pending bigint NOT NULL,
    disclosed bigint,
    retained bigint NOT NULL,
    retention_known bigint NOT NULL,
    CHECK (clock <> 'running' OR (deadline IS NOT NULL AND started_on IS NOT NULL))
);
-- The clock's own questions: what is due now, what was computed with an older calendar.
CREATE INDEX canteen_access_next ON canteen_access (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX canteen_access_open ON canteen_access (calendar_version) WHERE clock IN ('running', 'overdue');
-- Lists of people.
CREATE INDEX canteen_access_county ON canteen_access (county_organ_id, clock, deadline);
CREATE INDEX canteen_access_state ON canteen_access (state, canteen_id);
CREATE INDEX canteen_access_clock ON canteen_access (clock, deadline);
CREATE INDEX canteen_access_school ON canteen_access (school_id);
CREATE INDEX canteen_access_supervising ON canteen_access (supervising_organ_id);
CREATE INDEX canteen_access_station ON canteen_access (station_organ_id);

-- What happened, for the canteen's own page. The journal has the same, provable, but not by canteen.
CREATE TABLE access_history (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    canteen_id text NOT NULL REFERENCES canteen,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    detail jsonb NOT NULL
);
CREATE INDEX access_history_canteen ON access_history (canteen_id, number DESC);

-- Canteens whose facts changed, written in the transaction of the change, whoever makes it; taken off by the clock.
-- Not unique on purpose: writers never wait for each other or for the clock.
CREATE TABLE access_recheck (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    canteen_id text NOT NULL
);

CREATE FUNCTION access_mark_canteens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_recheck (canteen_id) SELECT id FROM changed;
    RETURN NULL;
END
$$;
CREATE TRIGGER canteen_inserted_access AFTER INSERT ON canteen
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_mark_canteens();
CREATE TRIGGER canteen_updated_access AFTER UPDATE ON canteen
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_mark_canteens();

CREATE FUNCTION access_mark_institutions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_recheck (canteen_id) SELECT c.id FROM canteen c JOIN changed i ON i.id = c.institution_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER institution_updated_access AFTER UPDATE ON institution
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_mark_institutions();

CREATE FUNCTION access_mark_cameras() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_recheck (canteen_id) SELECT DISTINCT canteen_id FROM changed;
    RETURN NULL;
END
$$;
CREATE TRIGGER camera_inserted_access AFTER INSERT ON camera
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_mark_cameras();
CREATE TRIGGER camera_updated_access AFTER UPDATE ON camera
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_mark_cameras();

INSERT INTO access_recheck (canteen_id) SELECT id FROM canteen;

-- What the disclosure service says about the nine categories.
CREATE TABLE canteen_disclosure (
    canteen_id text PRIMARY KEY,
    present text[] NOT NULL
);

-- Counts per area, kept by difference in the transaction that changes a canteen: dashboards add up a few hundred rows.
-- '' stands for "none" in the key.
CREATE TABLE access_tally (
    division_code text NOT NULL,
    city_organ_id text NOT NULL,
    county_organ_id text NOT NULL,
    station_organ_id text NOT NULL,
    supervising_organ_id text NOT NULL,
    supervising_department text NOT NULL,
    canteens bigint NOT NULL,
    operating bigint NOT NULL,
    required bigint NOT NULL,
    connected bigint NOT NULL,
    running bigint NOT NULL,
    overdue bigint NOT NULL,
    early bigint NOT NULL,
    on_time bigint NOT NULL,
    late bigint NOT NULL,
    disclosed bigint NOT NULL,
    cameras bigint NOT NULL,
    cameras_active bigint NOT NULL,
    cameras_degraded bigint NOT NULL,
    cameras_offline bigint NOT NULL,
    cameras_pending bigint NOT NULL,
    retained bigint NOT NULL,
    retention_known bigint NOT NULL,
    PRIMARY KEY (division_code, city_organ_id, county_organ_id, station_organ_id, supervising_organ_id,
                 supervising_department)
);
-- The same at the end of each day (the current day: by now).
CREATE TABLE access_tally_day (
    day date NOT NULL,
    LIKE access_tally,
    PRIMARY KEY (day, division_code, city_organ_id, county_organ_id, station_organ_id, supervising_organ_id,
                 supervising_department)
);
