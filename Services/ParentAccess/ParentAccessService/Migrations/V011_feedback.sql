-- Feedback (art 12): what is pseudonymous here, what a person wrote beside it -----------------------------------------

CREATE TABLE feedback (
    feedback_id       text PRIMARY KEY,
    canteen_id        text NOT NULL,
    school_id         text NOT NULL,
    -- Null after the reporter's account was erased. Never shown to the school.
    representative_id text REFERENCES representative,
    kind              text NOT NULL CHECK (kind IN ('complaint', 'suggestion', 'praise')),
    zone              text,
    state             text NOT NULL
        CHECK (state IN ('received', 'refused', 'forwarded', 'answered', 'confirmed', 'closed')),
    received_at       timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    decide_by         date,
    answer_by         date,
    -- What the school sees: the text as the moderator passed it on, screened.
    passed_on         text,
    passes_photos     boolean NOT NULL DEFAULT false,
    answer            text,
    answered_at       timestamptz,
    outcome           text,
    closed_at         timestamptz,
    -- Of the form that sent it: the same form sent twice is one.
    form_key          text,
    UNIQUE (representative_id, form_key)
);
CREATE INDEX feedback_reporter ON feedback (representative_id, updated_at DESC, feedback_id);
CREATE INDEX feedback_school ON feedback (school_id, updated_at DESC, feedback_id);
CREATE INDEX feedback_canteen ON feedback (canteen_id, updated_at DESC, feedback_id);

-- Erasable: the reporter's own words, sealed, and the photographs.
CREATE TABLE feedback_words (
    feedback_id text PRIMARY KEY REFERENCES feedback,
    words       text NOT NULL CHECK (words LIKE 'a256gcm:%')
);

CREATE TABLE feedback_photo (
    feedback_id text NOT NULL REFERENCES feedback,
    number      integer NOT NULL,
    sha256      text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    byte_count  bigint NOT NULL,
    PRIMARY KEY (feedback_id, number)
);
CREATE INDEX feedback_photo_file ON feedback_photo (sha256);

CREATE TABLE feedback_step (
    feedback_id text NOT NULL REFERENCES feedback,
    number      integer NOT NULL,
    step        text NOT NULL,
    at          timestamptz NOT NULL,
    -- representative, school or organ: never who.
    by_kind     text NOT NULL,
    note        text,
    PRIMARY KEY (feedback_id, number)
);

-- What representatives are shown of their canteens: problems and how they ended, what is disclosed ---------------------

CREATE TABLE canteen_problem (
    problem_id text PRIMARY KEY,
    canteen_id text NOT NULL,
    zone       text NOT NULL,
    item_text  text NOT NULL,
    severity   integer NOT NULL,
    found_at   timestamptz NOT NULL,
    rectify_by timestamptz NOT NULL,
    state      text NOT NULL CHECK (state IN ('found', 'submitted', 'accepted', 'returned', 'closed')),
    measure    text,
    outcome    text,
    closed_at  timestamptz
);
CREATE INDEX canteen_problem_canteen ON canteen_problem (canteen_id, found_at DESC);

CREATE TABLE canteen_item (
    canteen_id   text NOT NULL,
    category     text NOT NULL,
    published_at timestamptz NOT NULL,
    valid_to     date,
    PRIMARY KEY (canteen_id, category)
);
