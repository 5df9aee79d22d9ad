import Calendar
import Contracts
import Postgres

/// What representatives are shown of a canteen besides its picture: disclosure, open problems, how others were fixed.
struct CanteenNews: Sendable {
    struct Item: Sendable {
        let category: DisclosureCategory
        let publishedAt: Instant
        let validTo: LocalDate?
    }

    struct Trouble: Encodable, Sendable {
        let zone: ZoneCode
        let itemText: String
        let severity: Int
        let foundAt: Instant
        let rectifyBy: Instant
        let state: String
        let measure: String?
        let outcome: ProblemOutcome?
        let closedAt: Instant?
    }

    /// Closed problems older than this are history.
    static let memory: Duration = .seconds(180 * 86_400)

    let items: [Item]
    let open: [Trouble]
    /// The latest five.
    let closed: [Trouble]
    let closedTotal: Int
    /// Today's; empty where none was disclosed.
    let menu: [MenuMeal]

    static func read(_ canteen: CanteenID, now: Instant, _ database: some PostgresExecutor) async throws -> CanteenNews
    {
        let items = try await database.query(
            "SELECT category, published_at, valid_to FROM canteen_item WHERE canteen_id = \(canteen) ORDER BY category"
        ) { row in
            Item(category: try row["category"], publishedAt: try row["published_at"], validTo: try row["valid_to"])
        }
        let open = try await database.query(
            """
            SELECT * FROM canteen_problem WHERE canteen_id = \(canteen) AND state <> 'closed' ORDER BY found_at DESC
            """, trouble)
        let closed = try await database.query(
            """
            SELECT * FROM canteen_problem
            WHERE canteen_id = \(canteen) AND state = 'closed' AND closed_at > \(now - memory)
                AND outcome IN ('rectified', 'referred_to_case')
            ORDER BY closed_at DESC
            """, trouble)
        let menu = try await database.first(
            "SELECT meals FROM canteen_menu WHERE canteen_id = \(canteen) AND day = \(LocalDate(now))"
        ) { row -> [MenuMeal] in try row.json("meals") }
        return CanteenNews(
            items: items, open: open, closed: Array(closed.prefix(5)), closedTotal: closed.count, menu: menu ?? [])
    }

    @Sendable private static func trouble(_ row: Row) throws -> Trouble {
        Trouble(
            zone: try row["zone"], itemText: try row["item_text"], severity: try row["severity"],
            foundAt: try row["found_at"], rectifyBy: try row["rectify_by"], state: try row["state"],
            measure: try row["measure"], outcome: try row["outcome"], closedAt: try row["closed_at"])
    }
}
