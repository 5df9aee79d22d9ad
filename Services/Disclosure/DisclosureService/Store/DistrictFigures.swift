import Contracts
import Postgres

/// Figures of one division for comparison: counts and plain means, nothing ranked.
struct DistrictFigures: Sendable {
    /// With fewer canteens a mean says nothing.
    static let fewest = 3

    let divisionCode: String
    let township: String?
    let canteens: Int
    let complete: Int
    let published: Int
    let openProblems: Int
    let graded: Int
    let expiredLicences: Int

    /// One decimal.
    var meanPublished: String { Self.mean(published, canteens) }
    var meanProblems: String { Self.mean(openProblems, canteens) }

    static func mean(_ sum: Int, _ count: Int) -> String {
        guard count > 0 else { return "–" }
        let tenths = (sum * 20 / count + 1) / 2
        return "\(tenths / 10).\(tenths % 10)"
    }

    @Sendable init(_ row: Row) throws {
        divisionCode = try row["division_code"]
        township = try row["township"]
        canteens = try row["canteens"]
        complete = try row["complete"]
        published = try row["published"]
        openProblems = try row["open_problems"]
        graded = try row["graded"]
        expiredLicences = try row["expired_licences"]
    }

    /// Of operating canteens, except ended licences: a canteen without a licence does not operate.
    private static let sums: SQL = """
        count(*) FILTER (WHERE operating) AS canteens,
        count(*) FILTER (WHERE operating AND cardinality(published_categories) = 9) AS complete,
        coalesce(sum(cardinality(published_categories)) FILTER (WHERE operating), 0)::bigint AS published,
        coalesce(sum(open_problems) FILTER (WHERE operating), 0)::bigint AS open_problems,
        count(grade) FILTER (WHERE operating) AS graded,
        count(*) FILTER (WHERE licence_revoked_on IS NOT NULL OR licence_valid_to < current_date) AS expired_licences
        """

    static func all(_ database: some PostgresExecutor) async throws -> [DistrictFigures] {
        try await database.query(
            """
            SELECT division_code, NULL::text AS township, \(sums) FROM canteen
            GROUP BY division_code ORDER BY division_code
            """, DistrictFigures.init)
    }

    /// Canteens `c` that meet the condition, by division.
    static func within(_ condition: SQL, _ database: some PostgresExecutor) async throws -> [DistrictFigures] {
        try await database.query(
            """
            SELECT division_code, NULL::text AS township, \(sums) FROM canteen c WHERE \(condition)
            GROUP BY division_code ORDER BY division_code
            """, DistrictFigures.init)
    }

    static func townships(_ database: some PostgresExecutor) async throws -> [DistrictFigures] {
        try await database.query(
            """
            SELECT division_code, township, \(sums) FROM canteen
            GROUP BY division_code, township ORDER BY division_code, township NULLS LAST
            """, DistrictFigures.init)
    }

    static func of(_ division: String, _ database: some PostgresExecutor) async throws -> DistrictFigures? {
        try await database.first(
            """
            SELECT division_code, NULL::text AS township, \(sums) FROM canteen
            WHERE division_code = \(division) GROUP BY division_code
            """, DistrictFigures.init)
    }
}
