-- The journal of one service: what happened, who did it, and the exact bytes that are published.
-- Unqualified names: the migrator sets search_path to the service's schema.

-- CACHE 1, so that two transactions that take positions one after the other get them in that order.
CREATE SEQUENCE journal_position CACHE 1;

CREATE TABLE journal (
    position       bigint      PRIMARY KEY DEFAULT nextval('journal_position'),
    id             uuid        NOT NULL UNIQUE,
    type           text        NOT NULL,
    subject        text        NOT NULL,
    actor          text        NOT NULL,
    occurred_at    timestamptz NOT NULL,
    correlation_id text        NOT NULL,
    causation_id   text,
    traceparent    text,
    -- Topic, key and sequence are all present (published) or all absent (log only).
    topic          text,
    partition_key  text,
    sequence       bigint,
    data           bytea       NOT NULL,
    CHECK ((topic IS NULL) = (partition_key IS NULL) AND (topic IS NULL) = (sequence IS NULL))
);
ALTER SEQUENCE journal_position OWNED BY journal.position;

-- Head of each stream. Locked by the append before it takes a position: so within a stream, order of position = order
-- of sequence = order of commit. A stream is one key on one topic: a consumer of the topic sees every number once.
CREATE TABLE journal_stream (
    topic         text   NOT NULL,
    partition_key text   NOT NULL,
    version       bigint NOT NULL,
    PRIMARY KEY (topic, partition_key)
) WITH (fillfactor = 50);

-- What the relay still has to sequence or to publish. Deleted after the delivery report, never before.
CREATE TABLE journal_pending (
    position bigint PRIMARY KEY
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- Leaves of the Merkle tree (RFC 6962), gap-free from 0; given by the one relay of the schema.
CREATE TABLE journal_leaf (
    index     bigint PRIMARY KEY CHECK (index >= 0),
    position  bigint NOT NULL UNIQUE,
    leaf_hash bytea  NOT NULL CHECK (octet_length(leaf_hash) = 32)
);

-- Hashes over 256^level complete leaves: the rows of the tlog tiles above level 0. Proofs stay O(log n).
CREATE TABLE journal_node (
    level smallint NOT NULL CHECK (level > 0),
    index bigint   NOT NULL CHECK (index >= 0),
    hash  bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (level, index)
);

-- Signed tree heads (C2SP tlog-checkpoint). The latest is sent again at each start of the relay.
CREATE TABLE journal_checkpoint (
    size      bigint      PRIMARY KEY CHECK (size > 0),
    root      bytea       NOT NULL CHECK (octet_length(root) = 32),
    note      text        NOT NULL,
    signed_at timestamptz NOT NULL
);

-- Where the log of each partition stood when the last record was delivered: a lower number later means a lost log.
CREATE TABLE journal_published (
    topic      text        NOT NULL,
    partition  integer     NOT NULL,
    log_offset bigint      NOT NULL,
    -- A broker that lost everything comes back as another cluster.
    cluster_id text,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

-- Work handed to the relay: send everything from this leaf again. At most one row.
CREATE TABLE journal_republish (
    only_one     boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    next_index   bigint      NOT NULL,
    until_index  bigint      NOT NULL,
    reason       text        NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now()
);

-- Keys whose oldest unsent entry the broker refuses for good. Their entries stay pending, others go on.
CREATE TABLE journal_parked_key (
    topic         text        NOT NULL,
    partition_key text        NOT NULL,
    position      bigint      NOT NULL,
    error         text        NOT NULL,
    parked_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition_key)
);

-- Written once. Statement triggers also refuse an UPDATE or DELETE that would touch no row.
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only, % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

DO $$
DECLARE
    written_once text;
BEGIN
    FOREACH written_once IN ARRAY ARRAY['journal', 'journal_leaf', 'journal_node', 'journal_checkpoint'] LOOP
        EXECUTE format(
            'CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
             FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change()', written_once);
        EXECUTE format('REVOKE ALL ON %I FROM PUBLIC', written_once);
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM CURRENT_USER', written_once);
    END LOOP;
END
$$;
