-- What each consumer group of the service has taken in.

-- Progress of one producer's stream. `version` = sequence of the last event whose effect is committed.
CREATE TABLE inbox_stream (
    consumer      text    NOT NULL,
    source        text    NOT NULL,
    topic         text    NOT NULL,
    partition_key text    NOT NULL,
    version       bigint  NOT NULL,
    -- True after a handler failed for good: everything that follows waits until it is replayed.
    parked        boolean NOT NULL DEFAULT false,
    -- Number of this stream's rows in inbox_waiting.
    waiting       integer NOT NULL DEFAULT 0,
    PRIMARY KEY (consumer, source, topic, partition_key)
) WITH (fillfactor = 50);

-- The few that are not simply up to date.
CREATE INDEX inbox_stream_held ON inbox_stream (consumer) WHERE parked OR waiting > 0;

-- Records that came before their turn: behind a gap, or behind a parked one.
CREATE TABLE inbox_waiting (
    consumer      text        NOT NULL,
    source        text        NOT NULL,
    topic         text        NOT NULL,
    partition_key text        NOT NULL,
    sequence      bigint      NOT NULL,
    record        jsonb       NOT NULL,
    value         bytea       NOT NULL,
    received_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, source, topic, partition_key, sequence)
);

-- Events of producers that give no sequence, by id.
CREATE TABLE inbox_seen (
    consumer text        NOT NULL,
    source   text        NOT NULL,
    event_id text        NOT NULL,
    seen_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, source, event_id)
);
CREATE INDEX inbox_seen_by_time ON inbox_seen USING brin (seen_at);

-- Records set aside, for a person to look at and to replay.
CREATE TABLE dead_letter (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer      text        NOT NULL,
    -- undecodable | unknown_type | handler_failed
    kind          text        NOT NULL,
    topic         text        NOT NULL,
    -- Source, event id, type, key and sequence as far as the record could be read.
    source        text,
    event_id      text,
    type          text,
    partition_key text,
    sequence      bigint,
    record        jsonb       NOT NULL,
    value         bytea       NOT NULL,
    error         text        NOT NULL,
    tries         integer     NOT NULL,
    failed_at     timestamptz NOT NULL DEFAULT now(),
    resolved_at   timestamptz,
    -- SHA-256 over topic, key, headers and value: the same record read again is the same dead letter.
    fingerprint   bytea       NOT NULL,
    UNIQUE (consumer, fingerprint)
);
CREATE INDEX dead_letter_open ON dead_letter (id) WHERE resolved_at IS NULL;
