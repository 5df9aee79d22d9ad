-- One instance at a time takes reports in: what it remembers of each camera must be all that was reported.
CREATE TABLE telemetry_lease (
    name text PRIMARY KEY,
    holder text NOT NULL,
    until timestamptz NOT NULL
);
