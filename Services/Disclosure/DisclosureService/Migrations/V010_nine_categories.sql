-- All nine categories: items in preparation and in public, their whole public history, files, replies, appeals.

-- Where a canteen belongs: who may prepare, publish and moderate. Filled by the registry's events.
ALTER TABLE canteen
    ADD COLUMN station_organ_id text,
    ADD COLUMN county_organ_id text,
    ADD COLUMN city_organ_id text,
    ADD COLUMN supervising_department text,
    ADD COLUMN supervising_organ_id text,
    -- dynamic grade of the current rating (D2); NULL: not yet graded
    ADD COLUMN grade text,
    ADD COLUMN graded_on date;
CREATE INDEX canteen_of_school ON canteen (school_id);

-- One number for all that becomes public. Taking the next one locks the row until the commit: the order of positions is
-- the order in which readers see them, so that a reader of the feed never misses one.
CREATE TABLE feed_head (is_single boolean PRIMARY KEY DEFAULT true CHECK (is_single), position bigint NOT NULL);

-- Public history, appended only. The latest entry of an item is what is public now.
CREATE TABLE item_record (
    position bigint PRIMARY KEY,
    item_id text NOT NULL,
    canteen_id text NOT NULL,
    category text NOT NULL,
    version bigint NOT NULL,
    -- published, superseded, expired, withdrawn
    state text NOT NULL,
    not_applicable boolean NOT NULL DEFAULT false,
    content jsonb NOT NULL,
    reason text,
    reply text,
    late boolean NOT NULL DEFAULT false,
    contested boolean NOT NULL DEFAULT false,
    valid_from date NOT NULL,
    valid_to date,
    superseded_by text,
    published_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX item_record_of_item ON item_record (item_id, position DESC);
CREATE INDEX item_record_of_canteen ON item_record (canteen_id, recorded_at);

INSERT INTO item_record (position, item_id, canteen_id, category, version, state, content, reason, valid_from, valid_to,
    published_at, recorded_at)
SELECT row_number() OVER (ORDER BY published_at, canteen_id, category, version), item_id, canteen_id, category, version,
    'published', content, reason, coalesce((content ->> 'issued_on')::date, published_at::date), valid_to, published_at,
    published_at
FROM item;
INSERT INTO feed_head (position) SELECT count(*) FROM item_record;

-- What an item is now: its public face (copied from the latest record, so that lists read one table) and the version in
-- preparation.
CREATE TABLE item_head (
    item_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    category text NOT NULL,
    -- of the public version; NULL before the first publication
    state text,
    version bigint NOT NULL DEFAULT 0,
    position bigint,
    not_applicable boolean NOT NULL DEFAULT false,
    content jsonb,
    reason text,
    reply text,
    late boolean NOT NULL DEFAULT false,
    contested boolean NOT NULL DEFAULT false,
    valid_from date,
    valid_to date,
    superseded_by text,
    published_at timestamptz,
    recorded_at timestamptz,
    -- organ and person who published (pseudonymous): an appeal is decided by another officer
    organ_id text,
    published_by text,
    -- two current items of a canteen and category may not say the same
    unique_key text,
    -- days before the end for which a reminder went out: 60, 30, 7, 0
    reminded bigint,
    -- the version in preparation: draft, submitted, returned; NULL: none
    working_state text,
    working_content jsonb,
    working_not_applicable boolean NOT NULL DEFAULT false,
    -- why a correction or "not applicable"
    working_reason text,
    working_by text,
    working_at timestamptz,
    return_reason text,
    -- raised by every change; a form that was opened on an older one is refused
    revision bigint NOT NULL DEFAULT 1
);
CREATE INDEX item_head_of_canteen ON item_head (canteen_id, category);
CREATE INDEX item_head_in_order ON item_head (position) WHERE position IS NOT NULL;
CREATE INDEX item_head_ending ON item_head (valid_to) WHERE state = 'published' AND valid_to IS NOT NULL;
CREATE INDEX item_head_working ON item_head (working_state) WHERE working_state IS NOT NULL;
CREATE UNIQUE INDEX item_head_once ON item_head (canteen_id, category, unique_key)
    WHERE state = 'published' AND unique_key IS NOT NULL;

INSERT INTO item_head (item_id, canteen_id, category, state, version, position, content, reason, valid_from, valid_to,
    published_at, recorded_at)
SELECT DISTINCT ON (item_id) item_id, canteen_id, category, state, version, position, content, reason, valid_from,
    valid_to, published_at, recorded_at
FROM item_record ORDER BY item_id, position DESC;

DROP TABLE item;
DROP FUNCTION refuse_item_change;

CREATE FUNCTION refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the public history is appended only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER item_record_is_immutable BEFORE UPDATE OR DELETE ON item_record
    FOR EACH ROW EXECUTE FUNCTION refuse_record_change();
CREATE TRIGGER item_record_is_never_emptied BEFORE TRUNCATE ON item_record
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_record_change();

-- Full names of the persons in an item, sealed; erased when the person leaves. Public content holds 张*.
CREATE TABLE item_person (
    -- <item>.<version>.<field>
    person_key text PRIMARY KEY,
    item_id text NOT NULL,
    version bigint NOT NULL,
    field text NOT NULL,
    name text NOT NULL
);
CREATE INDEX item_person_of_item ON item_person (item_id, version);

-- Files that were accepted; the bytes lie in the attachment store under the same digest.
CREATE TABLE stored_file (
    sha256 text PRIMARY KEY,
    media_type text NOT NULL,
    byte_count bigint NOT NULL,
    stored_at timestamptz NOT NULL
);

-- Who may refer to a file: the canteen for which it was sent. The same picture may be sent for several.
CREATE TABLE canteen_file (
    canteen_id text NOT NULL,
    sha256 text NOT NULL REFERENCES stored_file (sha256),
    PRIMARY KEY (canteen_id, sha256)
);

-- Which published version shows which file, and whether everybody may see it.
CREATE TABLE item_file (
    item_id text NOT NULL,
    sha256 text NOT NULL REFERENCES stored_file (sha256),
    is_public boolean NOT NULL,
    PRIMARY KEY (item_id, sha256)
);
CREATE INDEX item_file_by_digest ON item_file (sha256);

-- Right of reply: beside a rating (D2) or check (D8), after moderation.
CREATE TABLE reply (
    reply_id text PRIMARY KEY,
    item_id text NOT NULL,
    canteen_id text NOT NULL,
    text text NOT NULL,
    -- pending, published, refused
    state text NOT NULL DEFAULT 'pending',
    written_by text NOT NULL,
    written_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    decision_reason text
);
CREATE INDEX reply_of_item ON reply (item_id);
CREATE UNIQUE INDEX reply_pending_once ON reply (item_id) WHERE state = 'pending';

CREATE TABLE appeal (
    appeal_id text PRIMARY KEY,
    item_id text NOT NULL,
    canteen_id text NOT NULL,
    grounds text NOT NULL,
    -- open, upheld, dismissed
    state text NOT NULL DEFAULT 'open',
    filed_by text NOT NULL,
    filed_at timestamptz NOT NULL,
    -- NULL: the calendar of that year is not published yet
    decide_by date,
    decided_by text,
    decided_at timestamptz,
    decision text
);
CREATE INDEX appeal_of_item ON appeal (item_id);
CREATE UNIQUE INDEX appeal_open_once ON appeal (item_id) WHERE state = 'open';

-- Nightly dumps of the open data.
CREATE TABLE dump (
    name text PRIMARY KEY,
    made_at timestamptz NOT NULL,
    -- the dump holds everything up to this position; the feed continues after it
    position bigint NOT NULL,
    manifest jsonb NOT NULL
);
