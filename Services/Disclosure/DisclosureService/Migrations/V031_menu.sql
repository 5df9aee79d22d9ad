-- Menus by day, appended only: the highest version of a day is what is public.
CREATE TABLE menu (
    canteen_id text NOT NULL,
    day date NOT NULL,
    version bigint NOT NULL,
    meals jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    -- pseudonymous
    published_by text NOT NULL,
    PRIMARY KEY (canteen_id, day, version)
);
CREATE TRIGGER menu_is_immutable BEFORE UPDATE OR DELETE ON menu
    FOR EACH ROW EXECUTE FUNCTION refuse_record_change();
CREATE TRIGGER menu_is_never_emptied BEFORE TRUNCATE ON menu
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_record_change();
