-- The runtime role of the service, `<schema>_app`, gets exactly what the running code does. Where no such role exists
-- (a local stack with one role), the migrating role runs the service.
DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        RETURN;
    END IF;
    -- The role may hold default privileges on the owner's tables (deploy/postgres/roles.sql): here they are taken back.
    EXECUTE format(
        'REVOKE ALL ON journal, journal_leaf, journal_node, journal_checkpoint, journal_stream, journal_pending,
         journal_published, journal_republish, journal_parked_key, inbox_stream, inbox_seen, inbox_waiting, dead_letter
         FROM %I', runtime);
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
