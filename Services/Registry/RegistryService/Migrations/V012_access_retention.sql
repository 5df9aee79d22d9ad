-- The proof of recordings is part of the dashboard's counts: a camera whose standing changed marks its canteen.
CREATE FUNCTION access_mark_retention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_recheck (canteen_id)
    SELECT DISTINCT k.canteen_id FROM changed r JOIN camera k ON k.id = r.camera_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER camera_retention_inserted_access AFTER INSERT ON camera_retention
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_mark_retention();
CREATE TRIGGER camera_retention_updated_access AFTER UPDATE ON camera_retention
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION access_mark_retention();
