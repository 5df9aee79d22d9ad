-- Appointments carry no name: what the journal and other services may know.
CREATE TABLE appointment (
    person_id text PRIMARY KEY,
    role text NOT NULL,
    organ_id text REFERENCES organ,
    school_id text REFERENCES institution,
    valid_from date NOT NULL,
    valid_to date,
    CHECK (organ_id IS NULL OR school_id IS NULL)
);

-- Personal data; a row can be erased without touching anything else.
CREATE TABLE person_identity (
    person_id text PRIMARY KEY REFERENCES appointment,
    login text NOT NULL UNIQUE,
    name text NOT NULL
);

-- scrypt (RFC 7914); the parameters stand beside the hash so that they can be raised later.
CREATE TABLE credential (
    person_id text PRIMARY KEY REFERENCES appointment,
    algorithm text NOT NULL CHECK (algorithm = 'scrypt'),
    cost_n integer NOT NULL,
    block_r integer NOT NULL,
    parallel_p integer NOT NULL,
    salt bytea NOT NULL,
    hash bytea NOT NULL,
    changed_at timestamptz NOT NULL
);

-- The token itself is never stored.
CREATE TABLE session (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    person_id text NOT NULL REFERENCES appointment,
    started_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL
);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_last_used ON session (last_used_at);

-- Failed sign-ins by login and by client address, both hashed: what was typed may be a password or a person's number.
CREATE TABLE sign_in_failure (
    subject bytea PRIMARY KEY CHECK (length(subject) = 32),
    first_at timestamptz NOT NULL,
    failures integer NOT NULL,
    blocked_until timestamptz
);
CREATE INDEX sign_in_failure_first ON sign_in_failure (first_at);
