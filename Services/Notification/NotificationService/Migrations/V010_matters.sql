-- A line of an inbox may also be about a matter that another service keeps (a canteen's access), with the page where one acts.
ALTER TABLE inbox_item ADD COLUMN matter text, ADD COLUMN link text CHECK (link ~ '^/[a-z]');
ALTER TABLE inbox_item DROP CONSTRAINT inbox_item_check;
ALTER TABLE inbox_item ADD CONSTRAINT inbox_item_subject
    CHECK (num_nonnulls(thread_id, bulletin_id, endpoint_id, matter) = 1 AND (matter IS NULL) = (link IS NULL));
CREATE UNIQUE INDEX inbox_item_matter ON inbox_item (recipient, matter) WHERE matter IS NOT NULL;

-- What an automatic bulletin is about when it is not a found problem: the event as it arrived.
ALTER TABLE bulletin ADD COLUMN basis_event_id text, ADD COLUMN basis jsonb;
CREATE UNIQUE INDEX bulletin_by_basis ON bulletin (basis_event_id) WHERE basis_event_id IS NOT NULL;
