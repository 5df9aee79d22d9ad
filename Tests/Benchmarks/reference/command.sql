\set key random(0, 6499)
BEGIN;
INSERT INTO thing (id, state, changed_at) VALUES (gen_random_uuid()::text, 'open', now());
WITH head AS (
    INSERT INTO journal_stream AS s (topic, partition_key, version)
    VALUES ('brightkitchen.bench.v1', 'canteen-' || :key, 1)
    ON CONFLICT (topic, partition_key) DO UPDATE SET version = s.version + 1
    RETURNING s.topic, s.partition_key, s.version
), entry AS (
    INSERT INTO journal (id, type, subject, actor, occurred_at, correlation_id, causation_id,
                         traceparent, topic, partition_key, sequence, data)
    SELECT gen_random_uuid(), 'brightkitchen.bench.thing.changed.v1', 'canteen-' || :key, 'system:bench', now(),
           '0192f0c1-7a3b-7def-8123-456789abcdef', NULL, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
           head.topic, head.partition_key, head.version, convert_to(repeat('x', 400), 'UTF8')
    FROM head
    RETURNING position
)
INSERT INTO journal_pending (position) SELECT position FROM entry;
COMMIT;
