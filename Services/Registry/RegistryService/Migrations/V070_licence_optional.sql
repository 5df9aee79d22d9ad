-- Art 5: kitchens are built and connected before the food-business licence is issued. A canteen may have none yet.
ALTER TABLE canteen
    ALTER COLUMN licence_number DROP NOT NULL,
    ALTER COLUMN licence_issued_on DROP NOT NULL,
    ALTER COLUMN licence_valid_to DROP NOT NULL,
    ALTER COLUMN licence_state DROP NOT NULL,
    -- Day of the application for the licence, where the roster states it.
    ADD COLUMN licence_applied_on date,
    -- All of a licence or nothing of it; without one a canteen does not operate.
    ADD CONSTRAINT canteen_licence_whole CHECK (
        (licence_number IS NULL) = (licence_issued_on IS NULL)
        AND (licence_number IS NULL) = (licence_valid_to IS NULL)
        AND (licence_number IS NULL) = (licence_state IS NULL)
        AND (licence_number IS NOT NULL OR (licence_ended_on IS NULL AND NOT operating)));
