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
    var order = CanteenOrder.place

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

    /// Text that sorts as the order does; with the id it names a row's place.
    var key: SQL {
        switch self {
        case .place: "division_code || chr(9) || school_name"
        case .completeness: "lpad(cardinality(published_categories)::text, 2, '0')"
        case .openProblems: "lpad((1000000 - open_problems)::text, 8, '0')"
        case .licenceEnd: "licence_valid_to::text"
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
            SELECT \(columns) FROM canteen WHERE \(condition(filter))
            ORDER BY \(order(filter.order)), canteen_id LIMIT \(limit) OFFSET \(offset)
            """, summary)
    }

    /// `after`: key and id of the last row of the slice before.
    static func slice(
        _ filter: CanteenFilter, after cursor: [String]?, limit: Int, _ database: some PostgresExecutor
    ) async throws -> [(summary: CanteenSummary, key: String)] {
        var condition = condition(filter)
        if let cursor, cursor.count == 2 { condition += try after(cursor, filter.order) }
        return try await database.query(
            """
            SELECT \(columns), \(filter.order.key) AS sort_key FROM canteen WHERE \(condition)
            ORDER BY \(order(filter.order)), canteen_id LIMIT \(limit)
            """
        ) { row in (try summary(row), try row["sort_key"]) }
    }

    /// The list in its natural order is the one that everybody reads: it walks along an index.
    private static func order(_ order: CanteenOrder) -> SQL {
        order == .place ? "division_code, school_name" : order.key
    }

    private static func after(_ cursor: [String], _ order: CanteenOrder) throws -> SQL {
        guard order == .place else { return " AND (\(order.key), canteen_id) > (\(cursor[0]), \(cursor[1]))" }
        let parts = cursor[0].split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return " AND false" }
        return """
             AND (division_code, school_name, canteen_id)
                 > (\(String(parts[0])), \(String(parts[1])), \(cursor[1]))
            """
    }

    static let columns: SQL = """
        canteen_id, name, school_name, school_type, is_caterer, division_code, township, operating, licence_valid_to,
        licence_revoked_on, published_categories, open_problems, cameras, active_cameras, grade, graded_on
        """

    @Sendable static func summary(_ row: Row) throws -> CanteenSummary {
        let categories: [DisclosureCategory] = try row["published_categories"]
        return CanteenSummary(
            canteenId: try row["canteen_id"], name: try row["name"], schoolName: try row["school_name"],
            schoolType: try row["school_type"], isCaterer: try row["is_caterer"],
            divisionCode: try row["division_code"], township: try row["township"], operating: try row["operating"],
            licenceValidTo: try row["licence_valid_to"], licenceRevokedOn: try row["licence_revoked_on"],
            completeness: Completeness(categories), openProblems: try row["open_problems"],
            cameras: try row["cameras"], activeCameras: try row["active_cameras"], grade: try row["grade"],
            gradedOn: try row["graded_on"])
    }

    static func condition(_ filter: CanteenFilter) -> SQL {
        var conditions: [SQL] = ["true"]
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
