-- The runtime role of the service, `<schema>_app`, gets exactly what the running code does. Where no such role exists
-- (a local stack with one role), the migrating role runs the service.
DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), runtime);
    EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE journal_position TO %I', runtime);
    EXECUTE format('GRANT SELECT, INSERT ON journal, journal_leaf, journal_node, journal_checkpoint TO %I', runtime);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON journal_stream, inbox_stream TO %I', runtime);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON journal_pending, inbox_seen, inbox_waiting TO %I', runtime);
    EXECUTE format(
        'GRANT SELECT, INSERT, UPDATE, DELETE ON journal_published, journal_republish, journal_parked_key TO %I',
        runtime);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON dead_letter TO %I', runtime);
END
$$;
