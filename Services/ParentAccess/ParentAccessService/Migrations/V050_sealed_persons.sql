-- Labels and mobile numbers rest sealed (AES-256-GCM); a number is found again by its keyed hash. `migrate` seals the rows
-- that are already there; NOT VALID, because it does so after these statements.
ALTER TABLE representative_person
    DROP CONSTRAINT representative_person_label_check,
    DROP CONSTRAINT representative_person_mobile_number_check,
    ADD COLUMN mobile_hash bytea CHECK (octet_length(mobile_hash) = 32),
    ADD CONSTRAINT label_is_sealed CHECK (label LIKE 'a256gcm:%') NOT VALID,
    ADD CONSTRAINT mobile_number_is_sealed CHECK (mobile_number LIKE 'a256gcm:%') NOT VALID,
    ADD CONSTRAINT mobile_number_is_found CHECK ((mobile_number IS NULL) = (mobile_hash IS NULL)) NOT VALID;
CREATE INDEX representative_person_mobile ON representative_person (mobile_hash);
