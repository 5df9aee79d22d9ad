-- What the public may know about canteens. Projected from the registry's and the patrol ledger's events, except `item`,
-- which is this service's own record.

-- One row per canteen with the figures that lists show, so that a list reads one table.
CREATE TABLE canteen (
    canteen_id text PRIMARY KEY,
    name text NOT NULL,
    school_id text NOT NULL,
    school_name text NOT NULL,
    school_type text NOT NULL,
    is_caterer boolean NOT NULL,
    division_code text NOT NULL,
    township text,
    serving_mode text NOT NULL,
    diners bigint NOT NULL,
    zones text[] NOT NULL,
    operating boolean NOT NULL,
    -- names and licence number, lower case: what the search box looks in
    search_text text NOT NULL,
    licence_number text NOT NULL,
    licence_valid_to date NOT NULL,
    licence_revoked_on date,
    published_categories text[] NOT NULL DEFAULT '{}',
    open_problems bigint NOT NULL DEFAULT 0,
    closed_problems bigint NOT NULL DEFAULT 0,
    cameras bigint NOT NULL DEFAULT 0,
    active_cameras bigint NOT NULL DEFAULT 0,
    -- raised by every change of anything on the canteen's page; with the date it is the page's ETag
    revision bigint NOT NULL DEFAULT 1
);
CREATE INDEX canteen_in_order ON canteen (division_code, school_name, canteen_id);

-- Disclosure items (公示项). A published version never changes; a correction is the next version.
CREATE TABLE item (
    canteen_id text NOT NULL,
    category text NOT NULL,
    version bigint NOT NULL,
    item_id text NOT NULL,
    content jsonb NOT NULL,
    reason text NOT NULL,
    valid_to date,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (canteen_id, category, version),
    UNIQUE (item_id, version)
);

CREATE FUNCTION refuse_item_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published items are immutable' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER item_is_immutable BEFORE UPDATE OR DELETE ON item
    FOR EACH ROW EXECUTE FUNCTION refuse_item_change();
CREATE TRIGGER item_is_never_emptied BEFORE TRUNCATE ON item
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_item_change();

CREATE TABLE camera (
    camera_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    zone text NOT NULL,
    status text NOT NULL
);
CREATE INDEX camera_of_canteen ON camera (canteen_id);

-- Problems as the public sees them. May arrive before their canteen: another topic, no order between the two.
CREATE TABLE problem (
    problem_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    origin text NOT NULL,
    zone text NOT NULL,
    item_code text NOT NULL,
    item_text text NOT NULL,
    severity bigint NOT NULL,
    description text NOT NULL,
    found_at timestamptz NOT NULL,
    rectify_by timestamptz NOT NULL,
    -- found, submitted, returned, accepted, closed
    stage text NOT NULL DEFAULT 'found',
    cause text,
    measure text,
    prevention text,
    submitted_at timestamptz,
    outcome text,
    closed_at timestamptz
);
CREATE INDEX problem_of_canteen ON problem (canteen_id, found_at DESC);
