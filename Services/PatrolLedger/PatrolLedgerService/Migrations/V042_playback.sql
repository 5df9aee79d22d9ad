-- Recordings looked at in a patrol: with the reason, and which stretch of the recording.
ALTER TABLE view_log
    ADD COLUMN reason text,
    ADD COLUMN recorded_from timestamptz,
    ADD COLUMN recorded_to timestamptz;
ALTER TABLE view_log DROP CONSTRAINT view_log_source_check;
ALTER TABLE view_log ADD CONSTRAINT view_log_source_check CHECK (source IN ('heartbeat', 'ticket', 'stated', 'recording'));
ALTER TABLE view_log ADD CONSTRAINT view_log_playback_check CHECK (
    mode = 'live' OR reason IS NOT NULL AND recorded_from < recorded_to AND recorded_to <= started_at);
