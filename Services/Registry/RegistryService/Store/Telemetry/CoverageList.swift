import Access
import Calendar
import Contracts
import Postgres

/// Recordings day by day over all cameras of a person's area: the days, and the gaps in them.
enum CoverageList {
    /// The longest that is given at once.
    static let maximumDays = CameraHistory.maximumDays

    struct Filter: Sendable {
        var from: LocalDate
        var through: LocalDate
        var camera: CameraID?
        var division: String?
        var state: DayCoverage.State?
        /// Part of a school's or camera's name, or of a GB/T 28181 id.
        var search: String?
    }

    struct Item: Sendable {
        let day: CoverageStore.Day
        let camera: String
        let gbId: String
        let school: String
        let canteen: String
        let divisionCode: String
    }

    struct Gap: Sendable {
        let day: LocalDate
        let cameraId: CameraID
        let camera: String
        let gbId: String
        let school: String
        let canteen: String
        let divisionCode: String
        let from: Instant
        let to: Instant
    }

    private static let names: SQL = """
        d.camera_id, d.day, k.name AS camera_name, k.gb_id, i.name AS school_name, c.name AS canteen_name,
        i.division_code
        """
    private static let source: SQL = """
        FROM camera_day_coverage d JOIN camera k ON k.id = d.camera_id JOIN canteen c ON c.id = k.canteen_id
        JOIN institution i ON i.id = c.institution_id
        """
    private static let order = [
        ListOrder.Key(expression: "d.day", type: "date"), ListOrder.Key(expression: "d.camera_id"),
    ]

    static let days = RegisterListing<Item>(
        columns: "\(names), d.recorded_ms, d.operating_ms, d.gaps, d.state, d.is_stale", source: source,
        order: ListOrder(keys: order)
    ) { row in
        Item(
            day: CoverageStore.Day(
                camera: try row["camera_id"], day: try row["day"], recordedMs: try row["recorded_ms"],
                operatingMs: try row["operating_ms"], gaps: RecordedSpans(stored: try row["gaps"]),
                state: try row["state"], isStale: try row["is_stale"]),
            camera: try row["camera_name"], gbId: try row["gb_id"], school: try row["school_name"],
            canteen: try row["canteen_name"], divisionCode: try row["division_code"])
    }

    /// Gaps are stored as pairs of milliseconds since 1970.
    static let gaps = RegisterListing<Gap>(
        columns: "\(names), d.gaps[g.n] AS gap_from, d.gaps[g.n + 1] AS gap_to",
        source: "\(source) CROSS JOIN LATERAL generate_series(1, cardinality(d.gaps), 2) AS g (n)",
        order: ListOrder(keys: order + [ListOrder.Key(expression: "g.n", type: "int")])
    ) { row in
        let from: Int64 = try row["gap_from"]
        let to: Int64 = try row["gap_to"]
        return Gap(
            day: try row["day"], cameraId: try row["camera_id"], camera: try row["camera_name"],
            gbId: try row["gb_id"], school: try row["school_name"], canteen: try row["canteen_name"],
            divisionCode: try row["division_code"], from: Instant(microseconds: from * 1000),
            to: Instant(microseconds: to * 1000))
    }

    static func condition(_ filter: Filter, _ principal: Principal) -> SQL {
        var condition: SQL = """
            d.day BETWEEN \(filter.from) AND \(filter.through) AND (\(RegisterScope.condition(principal)))
            """
        if let camera = filter.camera { condition += " AND d.camera_id = \(camera)" }
        if let division = filter.division { condition += " AND i.division_code = \(division)" }
        if let state = filter.state { condition += " AND d.state = \(state)" }
        if let search = filter.search {
            let terms = ["i.name", "k.name", "k.gb_id"].map { SearchPattern.matches(SQL(trusted: $0), search) }
            condition += " AND (" + terms.joined(separator: " OR ") + ")"
        }
        return condition
    }
}
