\set key random(1, 6500)
BEGIN;
SELECT position, hash FROM chain_head WHERE one FOR UPDATE \gset
INSERT INTO chain_entry (position, subject, data, hash)
    VALUES (:position + 1, 'canteen-' || :key, repeat('x', 300), sha256(convert_to(:'hash' || repeat('x', 300), 'UTF8')));
UPDATE chain_head SET position = :position + 1, hash = (SELECT e.hash FROM chain_entry e WHERE e.position = :position + 1) WHERE one;
COMMIT;
