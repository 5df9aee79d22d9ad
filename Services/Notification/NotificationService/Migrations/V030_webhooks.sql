-- Webhooks: throttle per endpoint, order per canteen where asked, patience with receivers that are overloaded.

ALTER TABLE endpoint
    -- At most so many messages a minute, as the owner wishes; absent: no limit of the owner's.
    ADD COLUMN throttle_per_minute bigint CHECK (throttle_per_minute BETWEEN 1 AND 60000),
    -- State of the token bucket; belongs to whoever holds the row's lock.
    ADD COLUMN throttle_tokens double precision NOT NULL DEFAULT 1,
    ADD COLUMN throttle_at timestamptz,
    -- The events of one canteen one after the other, in the order in which they came.
    ADD COLUMN is_ordered boolean NOT NULL DEFAULT false,
    -- Nothing is sent before this: the receiver answered 429, 502, 503 or 504.
    ADD COLUMN not_before timestamptz;

-- The order in which events came; gaps mean nothing.
ALTER TABLE outgoing_event ADD COLUMN position bigint GENERATED ALWAYS AS IDENTITY;

ALTER TABLE delivery ADD COLUMN canteen_id text, ADD COLUMN position bigint;
UPDATE delivery d SET canteen_id = o.canteen_id, position = o.position
FROM outgoing_event o WHERE o.event_id = d.event_id;

CREATE INDEX delivery_order ON delivery (endpoint_id, canteen_id, position) WHERE state = 'queued';
CREATE INDEX delivery_tests ON delivery (next_attempt_at) WHERE state = 'queued' AND event_id IS NULL;
CREATE INDEX delivery_by_event ON delivery (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX delivery_by_canteen ON delivery (endpoint_id, canteen_id, created_at DESC);
