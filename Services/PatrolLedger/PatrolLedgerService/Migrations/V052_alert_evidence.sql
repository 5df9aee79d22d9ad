-- Pictures and clips that come with alerts: kept as evidence, beside what the vendor says.
ALTER TABLE evidence ADD COLUMN alert_id text REFERENCES device_alert;
CREATE INDEX evidence_alert ON evidence (alert_id) WHERE alert_id IS NOT NULL;
ALTER TABLE device_alert
    -- Recording that the vendor points to.
    ADD COLUMN clip_from timestamptz,
    ADD COLUMN clip_to timestamptz,
    -- null = none came; refused = no picture, or too large; failed = the storage could not be reached.
    ADD COLUMN picture text CHECK (picture IN ('kept', 'refused', 'failed')),
    ADD CHECK ((clip_from IS NULL) = (clip_to IS NULL) AND clip_from < clip_to);
