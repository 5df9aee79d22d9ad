import Calendar
import Contracts
import Postgres
import ServiceKit

/// Accounts as the system administrator sees them, and the registry's log as the auditor does.
struct AccountList: Sendable {
    struct Item: Sendable {
        let personId: PersonID
        /// nil after the personal data was erased.
        let login: String?
        let role: Role
        let place: String?
        let validFrom: LocalDate
        let validTo: LocalDate?
        let sessions: Int
    }

    let pool: PostgresPool

    func page(_ request: PageRequest) async throws -> PageOf<Item> {
        let total = try await pool.first("SELECT count(*) AS n FROM appointment") { row -> Int in try row["n"] }
        let items = try await pool.query(
            """
            SELECT a.person_id, p.login, a.role, coalesce(o.name, i.name) AS place, a.valid_from, a.valid_to,
                   (SELECT count(*) FROM session s WHERE s.person_id = a.person_id) AS sessions
            FROM appointment a LEFT JOIN person_identity p USING (person_id)
            LEFT JOIN organ o ON o.id = a.organ_id LEFT JOIN institution i ON i.id = a.school_id
            ORDER BY a.role, p.login, a.person_id LIMIT \(request.size) OFFSET \(request.offset)
            """
        ) { row in
            Item(
                personId: try row["person_id"], login: try row["login"], role: try row["role"],
                place: try row["place"], validFrom: try row["valid_from"], validTo: try row["valid_to"],
                sessions: try row["sessions"])
        }
        return PageOf(items, of: request, total: total ?? 0)
    }
}
