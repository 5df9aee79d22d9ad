import Calendar
import Contracts
import Postgres

/// Reads everything public about one canteen.
enum CanteenPageQuery {
    /// Closed problems shown on a page; the page states how many there are.
    static let closedProblemsShown = 20

    /// Changes with everything the page shows, except the day. nil: there is no such canteen.
    static func revision(of canteen: CanteenID, _ database: some PostgresExecutor) async throws -> Int? {
        try await database.first(
            "SELECT revision FROM canteen WHERE canteen_id = \(canteen) AND \(CanteenQuery.isPublic)"
        ) {
            try $0["revision"] as Int
        }
    }

    /// One consistent picture: all parts are read in one snapshot.
    static func page(of canteen: CanteenID, _ pool: PostgresPool) async throws -> (page: CanteenPage, revision: Int)? {
        try await pool.transaction(isolation: .repeatableRead) { tx in
            let head = try await tx.first(
                """
                SELECT \(CanteenQuery.columns), serving_mode, diners, closed_problems, revision FROM canteen
                WHERE canteen_id = \(canteen) AND \(CanteenQuery.isPublic)
                """
            ) { row in
                Head(
                    summary: try CanteenQuery.summary(row), servingMode: try row["serving_mode"],
                    diners: try row["diners"], closedProblems: try row["closed_problems"],
                    revision: try row["revision"])
            }
            guard let head, let licence = try await ItemStore.licence(of: canteen, tx) else { return nil }
            let page = CanteenPage(
                summary: head.summary, servingMode: head.servingMode, diners: head.diners,
                closedProblems: head.closedProblems, licence: licence.content,
                items: try await ItemStore.current(of: canteen, tx),
                problems: try await problems(canteen, tx), cameras: try await cameras(canteen, tx))
            return (page, head.revision)
        }
    }

    private struct Head: Sendable {
        let summary: CanteenSummary
        let servingMode: String
        let diners: Int
        let closedProblems: Int
        let revision: Int
    }

    private static func cameras(
        _ canteen: CanteenID, _ transaction: PostgresTransaction
    ) async throws -> [CanteenPage.ZoneCameras] {
        try await transaction.query(
            """
            SELECT zone, count(*) AS total, count(*) FILTER (WHERE status = 'active') AS active FROM camera
            WHERE canteen_id = \(canteen) GROUP BY zone ORDER BY zone
            """
        ) { row in
            CanteenPage.ZoneCameras(zone: try row["zone"], total: try row["total"], active: try row["active"])
        }
    }

    private static func problems(
        _ canteen: CanteenID, _ transaction: PostgresTransaction
    ) async throws -> [PublicProblem] {
        let hidden = ProblemOutcome.allCases.filter { !$0.isPublic }
        return try await transaction.query(
            """
            SELECT * FROM (
                SELECT p.*, row_number() OVER (PARTITION BY stage = 'closed' ORDER BY found_at DESC, problem_id) AS place
                FROM problem p
                WHERE canteen_id = \(canteen) AND (stage <> 'closed' OR outcome <> ALL (\(hidden)))
            ) ranked
            WHERE stage <> 'closed' OR place <= \(closedProblemsShown)
            ORDER BY stage = 'closed', CASE WHEN stage <> 'closed' THEN rectify_by END, found_at DESC, problem_id
            """, problem)
    }

    @Sendable private static func problem(_ row: Row) throws -> PublicProblem {
        var rectification: PublicProblem.Rectification?
        if let submittedAt: Instant = try row["submitted_at"] {
            rectification = PublicProblem.Rectification(
                cause: try row["cause"], measure: try row["measure"], prevention: try row["prevention"],
                submittedAt: submittedAt)
        }
        return PublicProblem(
            problemId: try row["problem_id"], origin: try row["origin"], zone: try row["zone"],
            itemCode: try row["item_code"], itemText: try row["item_text"], severity: try row["severity"],
            description: try row["description"], foundAt: try row["found_at"], rectifyBy: try row["rectify_by"],
            stage: try row["stage"], rectification: rectification, outcome: try row["outcome"],
            closedAt: try row["closed_at"])
    }
}
