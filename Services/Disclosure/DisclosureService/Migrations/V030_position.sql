-- Where the canteen lies: as the register states it, and in WGS-84 for distances.
ALTER TABLE canteen
    ADD COLUMN latitude float8,
    ADD COLUMN longitude float8,
    -- wgs84, gcj02
    ADD COLUMN coordinate_system text,
    ADD COLUMN wgs_latitude float8,
    ADD COLUMN wgs_longitude float8,
    ADD CHECK (num_nulls(latitude, longitude, coordinate_system, wgs_latitude, wgs_longitude) IN (0, 5));
CREATE INDEX canteen_by_latitude ON canteen (wgs_latitude) WHERE wgs_latitude IS NOT NULL;
