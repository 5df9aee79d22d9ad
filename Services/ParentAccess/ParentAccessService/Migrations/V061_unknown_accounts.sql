-- Attempts with account numbers that nobody has: locked like those that somebody has, so that a lock tells nothing ----

CREATE TABLE unknown_account (
    -- SHA-256 of what was typed: a mistyped number is nobody's business.
    number_hash  bytea PRIMARY KEY CHECK (length(number_hash) = 32),
    failures     integer NOT NULL CHECK (failures >= 0),
    locked_until timestamptz,
    tried_at     timestamptz NOT NULL
);
CREATE INDEX unknown_account_age ON unknown_account (tried_at);
