import Access
import Calendar
import Contracts
import Postgres

/// Menus by canteen and day.
enum MenuStore {
    private static let columns: SQL = "canteen_id, day, version, meals, published_at"

    @Sendable private static func menu(_ row: Row) throws -> Menu {
        Menu(
            canteenId: try row["canteen_id"], day: try row["day"], version: try row["version"],
            meals: try row.json("meals"), publishedAt: try row["published_at"])
    }

    /// What is public for that day; nil: nothing was disclosed.
    static func find(
        _ canteen: CanteenID, _ day: LocalDate, _ database: some PostgresExecutor
    ) async throws -> Menu? {
        try await database.first(
            """
            SELECT \(columns) FROM menu WHERE canteen_id = \(canteen) AND day = \(day) ORDER BY version DESC LIMIT 1
            """, menu)
    }

    /// Both days included.
    static func between(
        _ canteen: CanteenID, _ from: LocalDate, _ to: LocalDate, _ database: some PostgresExecutor
    ) async throws -> [Menu] {
        try await database.query(
            """
            SELECT DISTINCT ON (day) \(columns) FROM menu
            WHERE canteen_id = \(canteen) AND day BETWEEN \(from) AND \(to) ORDER BY day, version DESC
            """, menu)
    }

    /// The page of the canteen shows it: its revision goes up.
    static func insert(_ menu: Menu, by person: PersonID, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO menu (canteen_id, day, version, meals, published_at, published_by)
            VALUES (\(menu.canteenId), \(menu.day), \(menu.version), \(json: menu.meals), \(menu.publishedAt),
                \(person))
            """)
        try await transaction.execute(
            "UPDATE canteen SET revision = revision + 1 WHERE canteen_id = \(menu.canteenId)")
    }
}
