import Calendar
import Contracts
import Postgres

/// What a list is asked for.
struct CanteenFilter: Hashable, Sendable {
    /// Part of a name or licence number; any script.
    var text: String?
    var division: Division?

    /// Longest search text, in characters: longer than any registered name.
    static let maximumTextLength = 100
}

/// Place after which the next slice of a list starts: the order of lists is division, school, canteen.
struct CanteenCursor: Codable, Hashable, Sendable {
    let divisionCode: String
    let schoolName: String
    let canteenId: CanteenID
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
            ORDER BY division_code, school_name, canteen_id LIMIT \(limit) OFFSET \(offset)
            """, summary)
    }

    static func slice(
        _ filter: CanteenFilter, after cursor: CanteenCursor?, limit: Int, _ database: some PostgresExecutor
    ) async throws -> [CanteenSummary] {
        var condition = condition(filter)
        if let cursor {
            condition += """
                 AND (division_code, school_name, canteen_id)
                     > (\(cursor.divisionCode), \(cursor.schoolName), \(cursor.canteenId))
                """
        }
        return try await database.query(
            """
            SELECT \(columns) FROM canteen WHERE \(condition)
            ORDER BY division_code, school_name, canteen_id LIMIT \(limit)
            """, summary)
    }

    static let columns: SQL = """
        canteen_id, name, school_name, school_type, is_caterer, division_code, township, operating, licence_valid_to,
        licence_revoked_on, published_categories, open_problems, cameras, active_cameras
        """

    @Sendable static func summary(_ row: Row) throws -> CanteenSummary {
        let categories: [DisclosureCategory] = try row["published_categories"]
        return CanteenSummary(
            canteenId: try row["canteen_id"], name: try row["name"], schoolName: try row["school_name"],
            schoolType: try row["school_type"], isCaterer: try row["is_caterer"],
            divisionCode: try row["division_code"], township: try row["township"], operating: try row["operating"],
            licenceValidTo: try row["licence_valid_to"], licenceRevokedOn: try row["licence_revoked_on"],
            completeness: Completeness(categories), openProblems: try row["open_problems"],
            cameras: try row["cameras"], activeCameras: try row["active_cameras"])
    }

    private static func condition(_ filter: CanteenFilter) -> SQL {
        var conditions: [SQL] = ["true"]
        if let division = filter.division { conditions.append("division_code = \(division.code)") }
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
