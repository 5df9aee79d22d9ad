-- What an auditor asks: who, about what, when. The time index is a BRIN: small, and rows come nearly in order of time.
CREATE INDEX journal_by_actor ON journal (actor, position);
CREATE INDEX journal_by_subject ON journal (subject, position);
CREATE INDEX journal_by_time ON journal USING brin (occurred_at);
