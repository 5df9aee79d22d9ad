-- Versions of the rule set that two persons approved; the built-in one is version 1 and stays for the weeks before.
CREATE TABLE rule_version (
    version bigint PRIMARY KEY CHECK (version > 1),
    effective_from date NOT NULL,
    content bytea NOT NULL,
    content_hash text NOT NULL,
    -- Why, in the words of the proposal: the interpretation that art 16 leaves to the city.
    interpretation text NOT NULL,
    approval_id text NOT NULL,
    approved_at timestamptz NOT NULL
);

CREATE TRIGGER rule_version_grows_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Connection overdue (art 5): the registry asks to inspect such a canteen more often.
ALTER TABLE canteen ADD COLUMN access_overdue_since timestamptz;

DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT SELECT, INSERT ON rule_version TO %I', runtime);
END
$$;
