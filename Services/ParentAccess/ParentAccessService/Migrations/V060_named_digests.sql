-- Digests name their algorithm: a city may change to SM3 while what was stored before can still be checked ------------

-- A photograph's name: the hex of SHA-256 as ever, or `sm3:` and its hex.
ALTER TABLE feedback_photo
    DROP CONSTRAINT feedback_photo_sha256_check,
    ADD CONSTRAINT feedback_photo_digest CHECK (sha256 ~ '^(sm3:)?[0-9a-f]{64}$');

-- `sha256` stays for the version before this one, which still writes it.
ALTER TABLE video_export ADD COLUMN digest text CHECK (digest ~ '^(sha256|sm3):[0-9a-f]{64}$');
UPDATE video_export SET digest = 'sha256:' || sha256 WHERE sha256 IS NOT NULL;
