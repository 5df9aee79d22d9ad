import Calendar
import Contracts
import Postgres

/// What a list is asked for.
struct CanteenFilter: Hashable, Sendable {
    /// Part of a name or licence number; any script.
    var text: String?
    var division: Division?
    var township: String?
    var schoolType: SchoolType?
    var grade: Grade?
    /// True: all nine categories public.
    var isComplete: Bool?
    var isOperating: Bool?
    var isCaterer: Bool?
    var hasOpenProblems: Bool?
    var near: Nearby?
    var order = CanteenOrder.place

    /// Within so many metres of a place.
    struct Nearby: Hashable, Sendable {
        static let radii = 100...100_000
        static let usualRadius = 5_000

        let place: Place
        let radius: Int
    }

    /// Longest search text, in characters: longer than any registered name.
    static let maximumTextLength = 100

    enum Grade: String, CaseIterable, Sendable {
        case excellent, good, fair, ungraded
    }
}

/// Orders of the list; within each, the canteen's id decides.
enum CanteenOrder: String, CaseIterable, Sendable {
    /// Division, then school.
    case place
    /// Fewest categories first.
    case completeness
    /// Most open problems first.
    case openProblems = "open_problems"
    /// Soonest end of the licence first.
    case licenceEnd = "licence_end"
    /// Nearest first; needs a place.
    case distance

    /// Text that sorts as the order does; with the id it names a row's place.
    func key(_ filter: CanteenFilter) -> SQL {
        switch self {
        case .place: "division_code || chr(9) || school_name"
        case .completeness: "lpad(cardinality(published_categories)::text, 2, '0')"
        case .openProblems: "lpad((1000000 - open_problems)::text, 8, '0')"
        case .licenceEnd: "licence_valid_to::text"
        case .distance: "lpad((\(CanteenQuery.distance(filter)))::text, 8, '0')"
        }
    }
}

/// Reads lists of canteens.
enum CanteenQuery {
    static func count(_ filter: CanteenFilter, _ database: some PostgresExecutor) async throws -> Int {
        try await database.first("SELECT count(*) AS n FROM canteen WHERE \(condition(filter))") { try $0["n"] as Int }
            ?? 0
    }

    static func slice(
        _ filter: CanteenFilter, offset: Int, limit: Int, _ database: some PostgresExecutor
    ) async throws -> [CanteenSummary] {
        try await database.query(
            """
            SELECT \(columns), \(distance(filter)) AS distance FROM canteen WHERE \(condition(filter))
            ORDER BY \(order(filter)), canteen_id LIMIT \(limit) OFFSET \(offset)
            """, measured)
    }

    /// `after`: key and id of the last row of the slice before.
    static func slice(
        _ filter: CanteenFilter, after cursor: [String]?, limit: Int, _ database: some PostgresExecutor
    ) async throws -> [(summary: CanteenSummary, key: String)] {
        var condition = condition(filter)
        if let cursor, cursor.count == 2 { condition += try after(cursor, filter) }
        return try await database.query(
            """
            SELECT \(columns), \(distance(filter)) AS distance, \(filter.order.key(filter)) AS sort_key
            FROM canteen WHERE \(condition) ORDER BY \(order(filter)), canteen_id LIMIT \(limit)
            """
        ) { row in (try measured(row), try row["sort_key"]) }
    }

    /// The list in its natural order is the one that everybody reads: it walks along an index.
    private static func order(_ filter: CanteenFilter) -> SQL {
        filter.order == .place ? "division_code, school_name" : filter.order.key(filter)
    }

    private static func after(_ cursor: [String], _ filter: CanteenFilter) throws -> SQL {
        guard filter.order == .place else {
            return " AND (\(filter.order.key(filter)), canteen_id) > (\(cursor[0]), \(cursor[1]))"
        }
        let parts = cursor[0].split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return " AND false" }
        return """
             AND (division_code, school_name, canteen_id)
                 > (\(String(parts[0])), \(String(parts[1])), \(cursor[1]))
            """
    }

    static let columns: SQL = """
        canteen_id, name, school_name, school_type, is_caterer, division_code, township, operating, licence_valid_to,
        licence_revoked_on, published_categories, open_problems, cameras, active_cameras, grade, graded_on,
        latitude, longitude, coordinate_system
        """

    /// Metres on the sphere (haversine), good to 0.5 %; NULL where no place was asked for or the canteen has none.
    static func distance(_ filter: CanteenFilter) -> SQL {
        guard let place = filter.near?.place else { return "NULL::bigint" }
        return """
            round(12742017.6 * asin(least(1, sqrt(
                power(sin(radians(wgs_latitude - \(place.latitude)::float8) / 2), 2)
                + cos(radians(\(place.latitude)::float8)) * cos(radians(wgs_latitude))
                * power(sin(radians(wgs_longitude - \(place.longitude)::float8) / 2), 2)))))::bigint
            """
    }

    @Sendable static func measured(_ row: Row) throws -> CanteenSummary {
        var summary = try summary(row)
        summary.distance = try row["distance"]
        return summary
    }

    @Sendable static func summary(_ row: Row) throws -> CanteenSummary {
        let categories: [DisclosureCategory] = try row["published_categories"]
        return CanteenSummary(
            canteenId: try row["canteen_id"], name: try row["name"], schoolName: try row["school_name"],
            schoolType: try row["school_type"], isCaterer: try row["is_caterer"],
            divisionCode: try row["division_code"], township: try row["township"], operating: try row["operating"],
            licenceValidTo: try row["licence_valid_to"], licenceRevokedOn: try row["licence_revoked_on"],
            completeness: Completeness(categories), openProblems: try row["open_problems"],
            cameras: try row["cameras"], activeCameras: try row["active_cameras"], grade: try row["grade"],
            gradedOn: try row["graded_on"],
            position: Position(
                latitude: try row["latitude"], longitude: try row["longitude"], system: try row["coordinate_system"]))
    }

    /// A canteen is public from the day its licence is registered.
    static let isPublic: SQL = "licence_number IS NOT NULL"

    static func condition(_ filter: CanteenFilter) -> SQL {
        var conditions: [SQL] = [isPublic]
        if let division = filter.division { conditions.append("division_code = \(division.code)") }
        if let township = filter.township { conditions.append("township = \(township)") }
        if let type = filter.schoolType { conditions.append("school_type = \(type)") }
        switch filter.grade {
        case nil: break
        case .ungraded: conditions.append("grade IS NULL")
        case let grade?: conditions.append("grade = \(grade)")
        }
        if let isComplete = filter.isComplete {
            conditions.append("(cardinality(published_categories) = 9) = \(isComplete)")
        }
        if let isOperating = filter.isOperating { conditions.append("operating = \(isOperating)") }
        if let isCaterer = filter.isCaterer { conditions.append("is_caterer = \(isCaterer)") }
        if let hasOpenProblems = filter.hasOpenProblems {
            conditions.append("(open_problems > 0) = \(hasOpenProblems)")
        }
        if let near = filter.near {
            // A degree of latitude is 111 km everywhere: what is farther north or south needs no arithmetic.
            let degrees = Double(near.radius) / 111_000 + 0.01
            conditions.append("wgs_latitude >= \(near.place.latitude - degrees)::float8")
            conditions.append("wgs_latitude <= \(near.place.latitude + degrees)::float8")
            conditions.append("\(distance(filter)) <= \(near.radius)")
        }
        if let text = filter.text {
            conditions.append("search_text LIKE \("%" + escaped(text.lowercased()) + "%")")
        }
        return conditions.joined(separator: " AND ")
    }

    /// LIKE's own signs are searched for literally.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if ["\\", "%", "_"].contains(character) { result.append("\\") }
            result.append(character)
        }
    }
}
