-- First passwords are chosen by us and must be replaced at the first sign-in.
ALTER TABLE credential ADD COLUMN must_change boolean NOT NULL DEFAULT false;

-- Earlier passwords, so that none of the last five comes back.
CREATE TABLE password_history (
    person_id text NOT NULL REFERENCES appointment,
    changed_at timestamptz NOT NULL,
    cost_n integer NOT NULL,
    block_r integer NOT NULL,
    parallel_p integer NOT NULL,
    salt bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (person_id, changed_at)
);

-- The system administrator's technical lock of an account.
CREATE TABLE account_lock (
    person_id text PRIMARY KEY REFERENCES appointment,
    locked_at timestamptz NOT NULL,
    locked_by text NOT NULL,
    reason text NOT NULL
);

-- TOTP (RFC 6238). The secret is sealed (a256gcm); last_step makes every code good once.
CREATE TABLE second_factor (
    person_id text PRIMARY KEY REFERENCES appointment,
    secret text NOT NULL,
    last_step bigint NOT NULL,
    enrolled_at timestamptz NOT NULL
);

-- Ten codes for a lost telephone, each good once, as keyed hashes.
CREATE TABLE recovery_code (
    person_id text NOT NULL REFERENCES appointment,
    code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
    used_at timestamptz,
    PRIMARY KEY (person_id, code_hash)
);

-- Between password and session: what is still to be done. Ten minutes, five wrong codes.
CREATE TABLE pending_sign_in (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    person_id text NOT NULL REFERENCES appointment,
    login text NOT NULL,
    has_second_factor boolean NOT NULL,
    must_change boolean NOT NULL,
    enrolment_secret text,
    failures integer NOT NULL DEFAULT 0,
    return_path text,
    federated text,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pending_sign_in_expiry ON pending_sign_in (expires_at);

-- sid names a session without being its secret: in tokens, on pages, in revocations.
ALTER TABLE session ADD COLUMN sid text NOT NULL DEFAULT gen_random_uuid()::text UNIQUE;
ALTER TABLE session ADD COLUMN agent text;
ALTER TABLE session ADD COLUMN address text;

-- Tokens that are void before they expire: a person's or program's issued until then, or one session's.
CREATE TABLE token_revocation (
    kind text NOT NULL CHECK (kind IN ('subject', 'session')),
    id text NOT NULL,
    revoked_at timestamptz NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX token_revocation_age ON token_revocation (revoked_at);

-- Single sign-on: which account a subject of the city's provider is. Made by the account's owner while signed in, or by
-- the system administrator; never by a sign-in.
CREATE TABLE federated_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    person_id text NOT NULL REFERENCES appointment,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject),
    UNIQUE (issuer, person_id)
);

-- Authorization requests under way: state (hashed), nonce, PKCE verifier. Good once, for ten minutes.
CREATE TABLE federated_sign_in (
    state_hash bytea PRIMARY KEY CHECK (length(state_hash) = 32),
    browser_hash bytea NOT NULL CHECK (length(browser_hash) = 32),
    nonce text NOT NULL,
    code_verifier text NOT NULL,
    return_path text,
    link_person text REFERENCES appointment,
    expires_at timestamptz NOT NULL
);

-- Which session at the provider a session of ours came from, for logout in both directions. The ID token is sealed.
CREATE TABLE federated_session (
    sid text PRIMARY KEY REFERENCES session (sid) ON DELETE CASCADE,
    issuer text NOT NULL,
    subject text NOT NULL,
    provider_sid text,
    id_token text NOT NULL
);
CREATE INDEX federated_session_subject ON federated_session (issuer, subject);

-- Logout tokens and client assertions are good once.
CREATE TABLE token_seen (
    issuer text NOT NULL,
    jti text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, jti)
);
CREATE INDEX token_seen_expiry ON token_seen (expires_at);

-- Programs of departments and integrators. A program stands for a role and an organ and only reads.
CREATE TABLE api_client (
    id text PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL,
    organ_id text REFERENCES organ,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    valid_from date NOT NULL,
    valid_to date,
    public_keys text,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz,
    last_address text
);

-- Secrets are 256 random bits: a plain hash is enough. Two may be good at a time, for a rotation.
CREATE TABLE api_client_secret (
    id text PRIMARY KEY,
    client_id text NOT NULL REFERENCES api_client,
    secret_hash bytea NOT NULL CHECK (length(secret_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz
);
CREATE INDEX api_client_secret_client ON api_client_secret (client_id);

-- Passkeys (WebAuthn, ES256): the public point, and the counter that tells a copied authenticator.
CREATE TABLE passkey (
    credential_id bytea PRIMARY KEY,
    person_id text NOT NULL REFERENCES appointment,
    name text NOT NULL,
    public_key bytea NOT NULL CHECK (length(public_key) = 64),
    sign_count bigint NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX passkey_person ON passkey (person_id);

-- Challenges that were handed out; good once, for five minutes.
CREATE TABLE passkey_challenge (
    challenge bytea PRIMARY KEY CHECK (length(challenge) = 32),
    person_id text REFERENCES appointment,
    expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenge_expiry ON passkey_challenge (expires_at);
