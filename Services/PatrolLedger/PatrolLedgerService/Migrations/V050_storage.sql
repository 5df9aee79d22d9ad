-- Object storage: a file follows the record of its disposal, as soon as the storage lets it go (object lock).
ALTER TABLE evidence ADD COLUMN removed_at timestamptz CHECK (removed_at IS NULL OR NOT (disposed_at IS NULL));
CREATE INDEX evidence_to_remove ON evidence (hash) WHERE disposed_at IS NOT NULL AND removed_at IS NULL;
CREATE INDEX evidence_thumbnail ON evidence (thumbnail_hash);
-- Files in the storage that belong to no record.
ALTER TABLE evidence_audit ADD COLUMN unrecorded bigint NOT NULL DEFAULT 0;

-- 补录: when the content of a checklist was filled in (by the device, corrected to the server's clock; null = it did not tell)
-- and when it came in first.
ALTER TABLE zone_sheet ADD COLUMN entered_at timestamptz, ADD COLUMN received_at timestamptz;
