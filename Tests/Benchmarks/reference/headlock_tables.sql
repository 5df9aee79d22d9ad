-- What is usually written for a chained log: the head is a row, and whoever appends locks it until the commit.
DROP TABLE IF EXISTS chain_entry, chain_head;
CREATE TABLE chain_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), position bigint NOT NULL, hash text NOT NULL);
CREATE TABLE chain_entry (position bigint PRIMARY KEY, subject text NOT NULL, data text NOT NULL, hash text NOT NULL);
INSERT INTO chain_head (position, hash) VALUES (0, '');
