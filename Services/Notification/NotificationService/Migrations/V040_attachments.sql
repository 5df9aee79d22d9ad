-- Documents and pictures of bulletins (附件): the bytes lie on disk under their hash; here is which bulletin has which.
CREATE TABLE bulletin_attachment (
    bulletin_id text   NOT NULL REFERENCES bulletin ON DELETE CASCADE,
    sha256      text   NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    ordinal     bigint NOT NULL,
    name        text   NOT NULL,
    media_type  text   NOT NULL,
    byte_count  bigint NOT NULL CHECK (byte_count > 0),
    added_at    timestamptz NOT NULL,
    added_by    text   NOT NULL,
    PRIMARY KEY (bulletin_id, sha256),
    UNIQUE (bulletin_id, ordinal)
);
CREATE INDEX bulletin_attachment_by_file ON bulletin_attachment (sha256);

-- Files that a draft let go; removed from the disk unless another bulletin names them.
CREATE TABLE released_file (
    sha256      text PRIMARY KEY,
    released_at timestamptz NOT NULL
);
