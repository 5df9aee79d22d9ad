-- Digests name their algorithm: a city may change to SM3 while what was stored before can still be checked ------------

-- A photograph's name: the hex of SHA-256 as ever, or `sm3:` and its hex.
ALTER TABLE feedback_photo
    DROP CONSTRAINT feedback_photo_sha256_check,
    ADD CONSTRAINT feedback_photo_digest CHECK (sha256 ~ '^(sm3:)?[0-9a-f]{64}$');

ALTER TABLE video_export RENAME COLUMN sha256 TO digest;
UPDATE video_export SET digest = 'sha256:' || digest WHERE digest IS NOT NULL;
ALTER TABLE video_export ADD CONSTRAINT video_export_digest CHECK (digest ~ '^(sha256|sm3):[0-9a-f]{64}$');
