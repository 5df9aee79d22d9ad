-- Where the canteen lies, as the roster says it: all three or none.
ALTER TABLE canteen
    ADD COLUMN latitude float8,
    ADD COLUMN longitude float8,
    -- wgs84, gcj02
    ADD COLUMN coordinate_system text,
    ADD CHECK (num_nulls(latitude, longitude, coordinate_system) IN (0, 3));
