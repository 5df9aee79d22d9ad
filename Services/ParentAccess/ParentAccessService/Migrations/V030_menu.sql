-- Menus that schools disclose, for the representatives' page.
CREATE TABLE canteen_menu (
    canteen_id text NOT NULL,
    day date NOT NULL,
    version bigint NOT NULL,
    meals jsonb NOT NULL,
    PRIMARY KEY (canteen_id, day)
);
