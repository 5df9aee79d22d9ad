import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Cameras in use with their signal and their recordings, as one person may see them.
struct RecordingList: Sendable {
    struct Filter: Sendable {
        var standing: RetentionStanding.State?
        var signal: SignalState?
        var division: String?
        /// Part of a school's or camera's name, or of a GB/T 28181 id.
        var search: String?
    }

    struct Item: Sendable {
        let camera: Camera
        let school: String
        let canteen: String
        let divisionCode: String
        /// What is known now; unknown where nobody reports.
        let signal: SignalState
        /// nil before the first whole day.
        let standing: CoverageStore.Standing?
    }

    let pool: PostgresPool

    static let listing = RegisterListing<Item>(
        columns: """
            \(CameraStore.columns), i.name AS school_name, c.name AS canteen_name, i.division_code,
            coalesce(s.state, 'unknown') AS signal, t.state AS standing, t.minimum_days, t.covered_days,
            t.recorded_ms, t.operating_ms, t.through_day
            """,
        source: """
            \(CameraStore.source) JOIN institution i ON i.id = c.institution_id
            LEFT JOIN camera_signal_interval s ON s.camera_id = k.id AND s.to_at IS NULL
            LEFT JOIN camera_retention t ON t.camera_id = k.id
            """,
        order: ListOrder(keys: ["i.division_code", "i.name", "k.name", "k.id"].map { .init(expression: $0) }),
        decode: decode)

    private static func decode(_ row: Row) throws -> Item {
        let state: RetentionStanding.State? = try row["standing"]
        return Item(
            camera: try CameraStore.decode(row), school: try row["school_name"],
            canteen: try row["canteen_name"], divisionCode: try row["division_code"], signal: try row["signal"],
            standing: try state.map { state in
                CoverageStore.Standing(
                    state: state, minimumDays: try row["minimum_days"], coveredDays: try row["covered_days"],
                    recordedMs: try row["recorded_ms"], operatingMs: try row["operating_ms"],
                    throughDay: try row["through_day"])
            })
    }

    static func condition(_ filter: Filter, _ principal: Principal) -> SQL {
        var condition: SQL = "k.status <> 'pending' AND (\(RegisterScope.condition(principal)))"
        if let standing = filter.standing { condition += " AND t.state = \(standing)" }
        if let signal = filter.signal { condition += " AND coalesce(s.state, 'unknown') = \(signal)" }
        if let division = filter.division { condition += " AND i.division_code = \(division)" }
        if let search = filter.search {
            let terms = ["i.name", "k.name", "k.gb_id"].map { SearchPattern.matches(SQL(trusted: $0), search) }
            condition += " AND (" + terms.joined(separator: " OR ") + ")"
        }
        return condition
    }

    /// What needs attention first.
    func page(_ filter: Filter, for principal: Principal, _ request: PageRequest) async throws -> PageOf<Item> {
        try await Self.listing.page(
            Self.condition(filter, principal),
            by: """
                CASE t.state WHEN 'short' THEN 0 WHEN 'unproven' THEN 1 WHEN 'accumulating' THEN 2 ELSE 3 END,
                \(Self.listing.order.sql)
                """, request, pool)
    }
}
