-- A canteen may be registered before its licence is issued (art 5): its school prepares the items, the public does not
-- see it yet. Public queries ask for a licence number.
ALTER TABLE canteen
    ALTER COLUMN licence_number DROP NOT NULL,
    ALTER COLUMN licence_valid_to DROP NOT NULL;
