-- Notification: projections of the registry, inboxes, bulletins, webhooks.

-- Projections (written by consumers only) -----------------------------------------------------------------------------

CREATE TABLE organ (
    organ_id        text PRIMARY KEY CHECK (organ_id <> ''),
    name            text NOT NULL,
    department      text NOT NULL,
    level           text NOT NULL,
    division_code   text NOT NULL,
    parent_organ_id text,
    registered_at   timestamptz NOT NULL
);
CREATE INDEX organ_by_division ON organ (department, level, division_code);

CREATE TABLE canteen (
    canteen_id             text PRIMARY KEY CHECK (canteen_id <> ''),
    name                   text NOT NULL,
    school_id              text NOT NULL,
    school_name            text NOT NULL,
    school_type            text NOT NULL,
    is_caterer             boolean NOT NULL,
    division_code          text NOT NULL,
    city_direct            boolean NOT NULL,
    station_organ_id       text,
    county_organ_id        text,
    city_organ_id          text,
    supervising_department text NOT NULL,
    supervising_organ_id   text,
    registered_at          timestamptz NOT NULL
);
CREATE INDEX canteen_by_school ON canteen (school_id);
CREATE INDEX canteen_by_supervising_organ ON canteen (supervising_organ_id);

-- Who may read an inbox today; pseudonymous ids only.
CREATE TABLE appointment (
    person_id  text NOT NULL,
    role       text NOT NULL,
    organ_id   text NOT NULL DEFAULT '',
    school_id  text NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    valid_to   date,
    PRIMARY KEY (person_id, role, organ_id, school_id)
);
CREATE INDEX appointment_by_organ ON appointment (organ_id) WHERE organ_id <> '';
CREATE INDEX appointment_by_school ON appointment (school_id) WHERE school_id <> '';

-- Threads: everything that happened to one problem ---------------------------------------------------------------------

CREATE TABLE thread (
    thread_id             text PRIMARY KEY,
    problem_id            text NOT NULL UNIQUE,
    canteen_id            text NOT NULL,
    school_id             text NOT NULL,
    -- Derived from the entries by ThreadState; the facts are absent until problem.found arrived.
    state                 text NOT NULL,
    enforcement_organ_id  text,
    finding_organ_id      text,
    origin                text,
    zone                  text,
    item_code             text,
    item_text             text,
    severity              bigint,
    found_at              timestamptz,
    acknowledge_by        timestamptz,
    rectify_by            timestamptz,
    created_at            timestamptz NOT NULL
);
CREATE INDEX thread_by_canteen ON thread (canteen_id);

-- One consumed event each; the event id makes a duplicate harmless.
CREATE TABLE thread_entry (
    event_id    text PRIMARY KEY,
    thread_id   text NOT NULL REFERENCES thread,
    kind        text NOT NULL,
    occurred_at timestamptz NOT NULL,
    -- The event's own JSON: descriptions, evidence references.
    facts       jsonb NOT NULL
);
CREATE INDEX thread_entry_by_thread ON thread_entry (thread_id, occurred_at);

-- Bulletins ------------------------------------------------------------------------------------------------------------

-- Gap-free numbers: locked as the last thing before the bulletin is numbered.
CREATE TABLE bulletin_counter (
    prefix text   NOT NULL,
    year   bigint NOT NULL,
    last   bigint NOT NULL,
    PRIMARY KEY (prefix, year)
);

CREATE TABLE bulletin (
    bulletin_id          text PRIMARY KEY,
    state                text NOT NULL CHECK (state IN ('unroutable', 'issued', 'receipted')),
    -- Why it waits, while unroutable.
    waiting_for          text,
    number               text UNIQUE,
    cause                text NOT NULL,
    canteen_id           text NOT NULL,
    school_id            text NOT NULL,
    problem_id           text,
    problem_event_id     text,
    issuing_organ_id     text,
    issuing_organ_name   text,
    receiving_organ_id   text,
    receiving_organ_name text,
    department           text,
    canteen_name         text,
    school_name          text,
    school_type          text,
    division_code        text,
    city_direct          boolean,
    zone                 text,
    item_code            text,
    item_text            text,
    severity             bigint,
    facts                text,
    evidence             jsonb NOT NULL DEFAULT '[]',
    requirement          text,
    due_at               timestamptz,
    created_at           timestamptz NOT NULL,
    issued_at            timestamptz,
    receipted_at         timestamptz,
    receipted_by         text,
    CHECK ((state = 'unroutable') = (number IS NULL)),
    CHECK ((state = 'unroutable') = (waiting_for IS NOT NULL)),
    CHECK (number IS NULL OR (issuing_organ_id IS NOT NULL AND receiving_organ_id IS NOT NULL AND facts IS NOT NULL))
);
CREATE UNIQUE INDEX bulletin_by_problem ON bulletin (problem_id) WHERE cause = 'problem_found';
CREATE INDEX bulletin_by_receiver ON bulletin (receiving_organ_id, issued_at DESC) WHERE number IS NOT NULL;
CREATE INDEX bulletin_by_issuer ON bulletin (issuing_organ_id, issued_at DESC) WHERE number IS NOT NULL;
CREATE INDEX bulletin_by_division ON bulletin (division_code, issued_at DESC) WHERE number IS NOT NULL;
CREATE INDEX bulletin_unroutable ON bulletin (canteen_id) WHERE state = 'unroutable';

-- Inboxes --------------------------------------------------------------------------------------------------------------

-- What one organ or one school has on its desk: a thread, a bulletin or an endpoint that needs attention.
CREATE TABLE inbox_item (
    item_id           text PRIMARY KEY,
    -- 'organ:<id>' or 'school:<id>'.
    recipient         text NOT NULL CHECK (recipient ~ '^(organ|school):.'),
    thread_id         text REFERENCES thread,
    bulletin_id       text REFERENCES bulletin,
    endpoint_id       text,
    canteen_id        text,
    unread            bigint NOT NULL DEFAULT 0 CHECK (unread >= 0),
    is_open           boolean NOT NULL,
    latest_kind       text NOT NULL,
    latest_at         timestamptz NOT NULL,
    due_at            timestamptz,
    acknowledged_at   timestamptz,
    acknowledged_by   text,
    -- Order of the page: unread, then open, then done.
    rank              bigint NOT NULL GENERATED ALWAYS AS (
        CASE WHEN unread > 0 THEN 0 WHEN is_open THEN 1 ELSE 2 END) STORED,
    CHECK (num_nonnulls(thread_id, bulletin_id, endpoint_id) = 1)
);
CREATE UNIQUE INDEX inbox_item_thread ON inbox_item (recipient, thread_id) WHERE thread_id IS NOT NULL;
CREATE UNIQUE INDEX inbox_item_bulletin ON inbox_item (recipient, bulletin_id) WHERE bulletin_id IS NOT NULL;
CREATE UNIQUE INDEX inbox_item_endpoint ON inbox_item (recipient, endpoint_id) WHERE endpoint_id IS NOT NULL;
CREATE INDEX inbox_page ON inbox_item (recipient, rank, due_at, latest_at DESC);

-- One message to one recipient about one event.
CREATE TABLE notice (
    notice_id  text PRIMARY KEY,
    item_id    text NOT NULL REFERENCES inbox_item,
    kind       text NOT NULL,
    event_id   text NOT NULL,
    created_at timestamptz NOT NULL,
    read_at    timestamptz,
    read_by    text,
    UNIQUE (item_id, event_id)
);
CREATE INDEX notice_unread ON notice (item_id) WHERE read_at IS NULL;

-- Webhooks -------------------------------------------------------------------------------------------------------------

CREATE TABLE endpoint (
    endpoint_id   text PRIMARY KEY,
    organ_id      text NOT NULL,
    url           text NOT NULL,
    description   text NOT NULL,
    event_types   text[] NOT NULL CHECK (cardinality(event_types) > 0),
    state         text NOT NULL CHECK (state IN ('active', 'paused')),
    paused_reason text,
    paused_at     timestamptz,
    created_at    timestamptz NOT NULL,
    created_by    text NOT NULL,
    -- Since when every attempt failed; absent after a success.
    failing_since timestamptz,
    CHECK ((state = 'paused') = (paused_reason IS NOT NULL AND paused_at IS NOT NULL))
);
CREATE INDEX endpoint_by_organ ON endpoint (organ_id);

-- Sealed (AES-GCM); erasable, so not in the journal. Two rows while an owner rotates.
CREATE TABLE endpoint_secret (
    endpoint_id text NOT NULL REFERENCES endpoint,
    number      bigint NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('v1', 'v1a')),
    sealed      bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    retires_at  timestamptz,
    PRIMARY KEY (endpoint_id, kind, number)
);

-- Everything that was or may be sent to somebody: the source of deliveries and of replays.
CREATE TABLE outgoing_event (
    event_id           text PRIMARY KEY,
    type               text NOT NULL,
    canteen_id         text NOT NULL,
    -- Organs named by the event itself; a bulletin goes to its receiver only.
    organ_ids          text[] NOT NULL,
    is_addressed       boolean NOT NULL,
    occurred_at        timestamptz NOT NULL,
    body               bytea NOT NULL CHECK (octet_length(body) < 20000)
);
CREATE INDEX outgoing_event_by_time ON outgoing_event (occurred_at);
CREATE INDEX outgoing_event_by_canteen ON outgoing_event (canteen_id);

CREATE TABLE delivery (
    delivery_id     text PRIMARY KEY,
    endpoint_id     text NOT NULL REFERENCES endpoint,
    -- Absent for a test event, which carries its own body.
    event_id        text REFERENCES outgoing_event,
    event_type      text NOT NULL,
    test_body       bytea,
    state           text NOT NULL CHECK (state IN ('queued', 'delivered', 'failed')),
    -- Attempts since it was last queued, and in all.
    step            bigint NOT NULL DEFAULT 0,
    attempts        bigint NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    leased_until    timestamptz,
    created_at      timestamptz NOT NULL,
    delivered_at    timestamptz,
    UNIQUE (endpoint_id, event_id),
    CHECK ((event_id IS NULL) <> (test_body IS NULL))
);
CREATE INDEX delivery_queue ON delivery (endpoint_id, next_attempt_at) WHERE state = 'queued';
CREATE INDEX delivery_by_endpoint ON delivery (endpoint_id, created_at DESC);

CREATE TABLE delivery_attempt (
    delivery_id text NOT NULL REFERENCES delivery,
    number      bigint NOT NULL,
    started_at  timestamptz NOT NULL,
    duration_ms bigint NOT NULL,
    -- HTTP status, or the error code when there was no response.
    status      bigint,
    error       text,
    PRIMARY KEY (delivery_id, number)
);
