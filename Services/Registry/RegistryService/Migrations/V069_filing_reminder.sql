-- What was last said about the filing of a public-safety camera with the police, so that it is said once.
CREATE TABLE camera_filing_reminder (
    camera_id text PRIMARY KEY REFERENCES camera,
    stage text NOT NULL CHECK (stage IN ('due', 'overdue', 'filed')),
    due_on date NOT NULL,
    said_at timestamptz NOT NULL
);
