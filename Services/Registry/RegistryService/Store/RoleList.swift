import Calendar
import Contracts
import Postgres
import ServiceKit

/// Appointments as the security administrator sees them.
struct RoleList: Sendable {
    struct Item: Sendable {
        let appointment: Appointment
        let login: String?
        let place: String?
        let isEnrolled: Bool
    }

    let pool: PostgresPool

    private static let selection: SQL = """
        SELECT a.person_id, a.role, a.organ_id, a.school_id, a.valid_from, a.valid_to, p.login,
               coalesce(o.name, i.name) AS place, f.person_id IS NOT NULL AS enrolled
        FROM appointment a LEFT JOIN person_identity p USING (person_id) LEFT JOIN second_factor f USING (person_id)
        LEFT JOIN organ o ON o.id = a.organ_id LEFT JOIN institution i ON i.id = a.school_id
        """

    private static func decode(_ row: Row) throws -> Item {
        Item(
            appointment: try AccountStore.decodeAppointment(row), login: try row["login"], place: try row["place"],
            isEnrolled: try row["enrolled"])
    }

    /// `search`: part of a login or of a place.
    func page(_ request: PageRequest, search: String?) async throws -> PageOf<Item> {
        let condition: SQL = """
            WHERE (\(search)::text IS NULL OR strpos(p.login, \(search)) > 0
                OR strpos(coalesce(o.name, i.name), \(search)) > 0)
            """
        let total = try await pool.first(
            """
            SELECT count(*) AS n FROM appointment a LEFT JOIN person_identity p USING (person_id)
            LEFT JOIN organ o ON o.id = a.organ_id LEFT JOIN institution i ON i.id = a.school_id \(condition)
            """
        ) { row -> Int in try row["n"] }
        let items = try await pool.query(
            """
            \(Self.selection) \(condition) ORDER BY a.role, p.login, a.person_id
            LIMIT \(request.size) OFFSET \(request.offset)
            """, Self.decode)
        return PageOf(items, of: request, total: total ?? 0)
    }

    func find(_ person: PersonID) async throws -> Item? {
        try await pool.first("\(Self.selection) WHERE a.person_id = \(person)", Self.decode)
    }
}
