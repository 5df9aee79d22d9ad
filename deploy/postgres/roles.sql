-- Roles and schemas: least privilege per service. Run as superuser in the product's database; safe to run again.
--   <schema>_owner  owns the schema and migrates it
--   <schema>_app    serves: reads and writes its own tables, creates nothing, sees no other schema.
--                   The journal's own migration takes UPDATE and DELETE on the journal away from it again.
-- Passwords come as psql variables: -v registry_owner_password=... -v registry_app_password=... and so on.
REVOKE ALL ON DATABASE brightkitchen FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- registry
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['registry_owner', 'registry_app']) AS r
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
ALTER ROLE registry_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'registry_owner_password';
ALTER ROLE registry_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'registry_app_password';
GRANT CONNECT ON DATABASE brightkitchen TO registry_owner, registry_app;
CREATE SCHEMA IF NOT EXISTS registry AUTHORIZATION registry_owner;
GRANT USAGE ON SCHEMA registry TO registry_app;
ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner IN SCHEMA registry
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO registry_app;
ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner IN SCHEMA registry GRANT USAGE, SELECT ON SEQUENCES TO registry_app;

-- disclosure
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['disclosure_owner', 'disclosure_app']) AS r
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
ALTER ROLE disclosure_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'disclosure_owner_password';
ALTER ROLE disclosure_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'disclosure_app_password';
GRANT CONNECT ON DATABASE brightkitchen TO disclosure_owner, disclosure_app;
CREATE SCHEMA IF NOT EXISTS disclosure AUTHORIZATION disclosure_owner;
GRANT USAGE ON SCHEMA disclosure TO disclosure_app;
ALTER DEFAULT PRIVILEGES FOR ROLE disclosure_owner IN SCHEMA disclosure
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO disclosure_app;
ALTER DEFAULT PRIVILEGES FOR ROLE disclosure_owner IN SCHEMA disclosure GRANT USAGE, SELECT ON SEQUENCES TO disclosure_app;

-- patrol_ledger
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['patrol_ledger_owner', 'patrol_ledger_app']) AS r
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
ALTER ROLE patrol_ledger_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'patrol_ledger_owner_password';
ALTER ROLE patrol_ledger_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'patrol_ledger_app_password';
GRANT CONNECT ON DATABASE brightkitchen TO patrol_ledger_owner, patrol_ledger_app;
CREATE SCHEMA IF NOT EXISTS patrol_ledger AUTHORIZATION patrol_ledger_owner;
GRANT USAGE ON SCHEMA patrol_ledger TO patrol_ledger_app;
ALTER DEFAULT PRIVILEGES FOR ROLE patrol_ledger_owner IN SCHEMA patrol_ledger
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO patrol_ledger_app;
ALTER DEFAULT PRIVILEGES FOR ROLE patrol_ledger_owner IN SCHEMA patrol_ledger GRANT USAGE, SELECT ON SEQUENCES TO patrol_ledger_app;

-- notification
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['notification_owner', 'notification_app']) AS r
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
ALTER ROLE notification_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'notification_owner_password';
ALTER ROLE notification_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'notification_app_password';
GRANT CONNECT ON DATABASE brightkitchen TO notification_owner, notification_app;
CREATE SCHEMA IF NOT EXISTS notification AUTHORIZATION notification_owner;
GRANT USAGE ON SCHEMA notification TO notification_app;
ALTER DEFAULT PRIVILEGES FOR ROLE notification_owner IN SCHEMA notification
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO notification_app;
ALTER DEFAULT PRIVILEGES FOR ROLE notification_owner IN SCHEMA notification GRANT USAGE, SELECT ON SEQUENCES TO notification_app;

-- parent_access
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['parent_access_owner', 'parent_access_app']) AS r
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \gexec
ALTER ROLE parent_access_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'parent_access_owner_password';
ALTER ROLE parent_access_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'parent_access_app_password';
GRANT CONNECT ON DATABASE brightkitchen TO parent_access_owner, parent_access_app;
CREATE SCHEMA IF NOT EXISTS parent_access AUTHORIZATION parent_access_owner;
GRANT USAGE ON SCHEMA parent_access TO parent_access_app;
ALTER DEFAULT PRIVILEGES FOR ROLE parent_access_owner IN SCHEMA parent_access
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO parent_access_app;
ALTER DEFAULT PRIVILEGES FOR ROLE parent_access_owner IN SCHEMA parent_access GRANT USAGE, SELECT ON SEQUENCES TO parent_access_app;

-- Runs of deploy/backup, for the operator's page and the alert about a missing backup. Written by the superuser only.
CREATE SCHEMA IF NOT EXISTS operations;
CREATE TABLE IF NOT EXISTS operations.backup (
    name        text        PRIMARY KEY,
    finished_at timestamptz NOT NULL,
    bytes       bigint      NOT NULL CHECK (bytes > 0)
);
GRANT USAGE ON SCHEMA operations TO registry_app, disclosure_app, patrol_ledger_app, notification_app, parent_access_app;
GRANT SELECT ON operations.backup TO registry_app, disclosure_app, patrol_ledger_app, notification_app, parent_access_app;
