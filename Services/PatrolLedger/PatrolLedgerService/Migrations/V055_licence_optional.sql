-- A canteen may be registered before its licence is issued (art 5); it does not operate and counts in no quota.
ALTER TABLE canteen
    ALTER COLUMN licence_number DROP NOT NULL,
    ALTER COLUMN licence_valid_to DROP NOT NULL,
    ADD CONSTRAINT canteen_operates_under_licence CHECK (licence_number IS NOT NULL OR NOT operating);
