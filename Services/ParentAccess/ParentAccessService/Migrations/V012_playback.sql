-- Playback of recordings by staff: a view like every other, with the span that may be seen ---------------------------

ALTER TABLE view_session
    ADD COLUMN recorded_from timestamptz,
    ADD COLUMN recorded_to   timestamptz,
    ADD CONSTRAINT view_session_span CHECK ((recorded_from IS NULL) = (recorded_to IS NULL)),
    ADD CONSTRAINT view_session_recorded_staff CHECK (recorded_from IS NULL OR principal IS NOT NULL);

-- Exports: asked for by one person, agreed to by another, with a watermark burned in ----------------------------------

CREATE TABLE export_counter (
    day         date PRIMARY KEY,
    last_number integer NOT NULL
);

CREATE TABLE video_export (
    -- WM-YYYYMMDD-NNNN, also in the picture.
    number         text PRIMARY KEY CHECK (number ~ '^WM-[0-9]{8}-[0-9]{4,}$'),
    camera_id      text NOT NULL,
    canteen_id     text NOT NULL,
    school_id      text NOT NULL,
    recorded_from  timestamptz NOT NULL,
    recorded_to    timestamptz NOT NULL CHECK (recorded_to > recorded_from),
    reason         text NOT NULL,
    reference      text,
    purpose        text NOT NULL,
    requested_by   text NOT NULL,
    approved_by    text NOT NULL,
    approved_at    timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    downloads_left integer NOT NULL CHECK (downloads_left >= 0),
    state          text NOT NULL CHECK (state IN ('queued', 'making', 'ready', 'failed', 'disposed')),
    -- When a replica began to make it.
    claimed_at     timestamptz,
    fault          text,
    sha256         text,
    byte_count     bigint
);
CREATE INDEX video_export_requester ON video_export (requested_by, approved_at DESC);
CREATE INDEX video_export_open ON video_export (state, approved_at) WHERE state IN ('queued', 'making', 'ready');
