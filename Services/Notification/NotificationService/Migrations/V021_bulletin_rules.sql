-- The routing table of automatic bulletins, version by version; version 1 is the one the program carries.
CREATE TABLE bulletin_rule_set (
    version     bigint PRIMARY KEY CHECK (version > 1),
    content     jsonb  NOT NULL,
    in_force_at timestamptz NOT NULL,
    reason      text   NOT NULL,
    proposed_by text   NOT NULL,
    decided_by  text   NOT NULL,
    CHECK (proposed_by <> decided_by)
);
