-- Names rest sealed (AES-256-GCM): plain text is refused from here on. `migrate` seals the rows that are already there;
-- NOT VALID, because it does so after this statement.
ALTER TABLE person_identity ADD CONSTRAINT name_is_sealed CHECK (name LIKE 'a256gcm:%') NOT VALID;
