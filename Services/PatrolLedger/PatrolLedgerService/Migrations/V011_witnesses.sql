-- Cosignatures (C2SP cosignature/v1) of witnesses on checkpoints of this log. Written once.
CREATE TABLE witness_cosignature (
    witness text NOT NULL,
    size bigint NOT NULL,
    root text NOT NULL,
    signed_at timestamptz NOT NULL,
    -- The signature line as it stands under a note.
    line text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (witness, size)
);

CREATE TRIGGER witness_cosignature_grows_only BEFORE UPDATE OR DELETE OR TRUNCATE ON witness_cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
DECLARE
    runtime text := current_schema() || '_app';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = runtime) THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT SELECT, INSERT ON witness_cosignature TO %I', runtime);
END
$$;
