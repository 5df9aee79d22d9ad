-- The end by date that was announced already (staff.dismissed), so that it is announced once.
ALTER TABLE appointment ADD COLUMN end_announced date;
CREATE INDEX appointment_ending ON appointment (valid_to) WHERE valid_to IS NOT NULL;
