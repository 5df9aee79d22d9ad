-- A canteen may be registered, and its cameras with it, before its licence is issued (art 5).
ALTER TABLE canteen ALTER COLUMN licence_number DROP NOT NULL;
