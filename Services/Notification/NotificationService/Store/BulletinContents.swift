import Contracts
import Postgres

/// SQL of what a bulletin is about: canteens and problems.
enum BulletinContents {
    static func replace(
        _ id: BulletinID, canteens: [CanteenID], problems: [ProblemID], _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute("DELETE FROM bulletin_canteen WHERE bulletin_id = \(id)")
        try await transaction.execute("DELETE FROM bulletin_problem WHERE bulletin_id = \(id)")
        for (index, canteen) in canteens.enumerated() {
            try await transaction.execute(
                """
                INSERT INTO bulletin_canteen (bulletin_id, ordinal, canteen_id) VALUES (\(id), \(index + 1), \(canteen))
                """)
        }
        for problem in problems {
            try await transaction.execute(
                "INSERT INTO bulletin_problem (bulletin_id, problem_id) VALUES (\(id), \(problem))")
        }
    }

    static func canteens(_ id: BulletinID, _ executor: some PostgresExecutor) async throws -> [Canteen] {
        try await executor.query(
            """
            SELECT c.* FROM bulletin_canteen b JOIN canteen c ON c.canteen_id = b.canteen_id
            WHERE b.bulletin_id = \(id) ORDER BY b.ordinal
            """, RegistryStore.canteen(from:))
    }

    static func problems(_ id: BulletinID, _ executor: some PostgresExecutor) async throws -> [BulletinProblem] {
        try await problems(
            "SELECT problem_id FROM bulletin_problem WHERE bulletin_id = \(id)", executor)
    }

    static func problems(_ ids: [ProblemID], _ executor: some PostgresExecutor) async throws -> [BulletinProblem] {
        try await problems("SELECT unnest(\(ids)::text[]) AS problem_id", executor)
    }

    /// Problems of these canteens that are not closed: what a bulletin may name.
    static func openProblems(
        of canteens: [CanteenID], _ executor: some PostgresExecutor
    ) async throws -> [BulletinProblem] {
        try await problems(
            """
            SELECT problem_id FROM thread
            WHERE canteen_id = ANY(\(canteens)::text[]) AND state NOT IN ('closed', 'incomplete')
            """, executor)
    }

    private static func problems(
        _ named: SQL, _ executor: some PostgresExecutor
    ) async throws -> [BulletinProblem] {
        try await executor.query(
            """
            SELECT n.problem_id, t.canteen_id, coalesce(t.state, 'incomplete') AS state, t.item_code, t.item_text,
                   t.severity, t.found_at, coalesce(e.facts -> 'evidence', '[]'::jsonb) AS evidence
            FROM (\(named)) n
            LEFT JOIN thread t ON t.problem_id = n.problem_id
            LEFT JOIN LATERAL (SELECT facts FROM thread_entry f
                               WHERE f.thread_id = t.thread_id AND f.kind = 'problem_found' LIMIT 1) e ON true
            ORDER BY t.found_at, n.problem_id
            """
        ) { row in
            BulletinProblem(
                problemId: try row["problem_id"], canteenId: try row["canteen_id"], state: try row["state"],
                itemCode: try row["item_code"], itemText: try row["item_text"], severity: try row["severity"],
                foundAt: try row["found_at"], evidence: try row.json("evidence", as: [EvidenceReference].self))
        }
    }
}
