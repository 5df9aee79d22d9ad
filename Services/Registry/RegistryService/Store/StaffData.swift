import Calendar
import Contracts
import Journal
import PersonalData
import Postgres

/// What is stored about a member of staff, and its erasure (PIPL art 45 and 47).
struct StaffData: Sendable {
    let pool: PostgresPool
    let keys: PersonalDataKeys

    struct Copy: Encodable, Sendable {
        let personId: PersonID
        let login: String?
        let name: String?
        let role: Role
        let organId: OrganID?
        let schoolId: SchoolID?
        let validFrom: LocalDate
        let validTo: LocalDate?
        let passwordChangedAt: Instant?
        let sessions: Int
        /// Requests by this person in the registry's audit trail.
        let auditedRequests: Int
    }

    enum Erasure: Sendable {
        case erased
        case inOffice
        case unknown
    }

    func copy(of person: PersonID) async throws -> Copy? {
        let keys = keys
        let actor = Actor.person(person).rawValue
        return try await pool.first(
            """
            SELECT a.*, p.login, p.name, c.changed_at,
                (SELECT count(*) FROM session s WHERE s.person_id = a.person_id) AS sessions,
                (SELECT count(*) FROM audit_request r WHERE r.actor = \(actor)) AS requests
            FROM appointment a LEFT JOIN person_identity p USING (person_id) LEFT JOIN credential c USING (person_id)
            WHERE a.person_id = \(person)
            """
        ) { row in
            let name: SealedText? = try row["name"]
            return Copy(
                personId: person, login: try row["login"],
                name: try name.map { try PersonName.open($0, of: person, keys) }, role: try row["role"],
                organId: try row["organ_id"], schoolId: try row["school_id"], validFrom: try row["valid_from"],
                validTo: try row["valid_to"], passwordChangedAt: try row["changed_at"], sessions: try row["sessions"],
                auditedRequests: try row["requests"])
        }
    }

    /// Everything about the person; what hangs on a session goes with it.
    private static let tables = [
        "session", "second_factor", "recovery_code", "passkey", "password_history", "federated_identity",
        "pending_sign_in", "credential", "person_identity",
    ]

    private struct Fact: Encodable {
        let personId: PersonID
    }

    /// Name, login, password and sessions go; the appointment, which names nobody, stays. Only after the appointment ended.
    func erase(_ person: PersonID, now: Instant, _ context: EventContext) async throws -> Erasure {
        try await pool.transaction { tx in
            let end = try await tx.first(
                "SELECT valid_to FROM appointment WHERE person_id = \(person) FOR UPDATE"
            ) { row -> (LocalDate?) in try row["valid_to"] }
            guard let end else { return .unknown }
            guard let end, end < LocalDate(now) else { return .inOffice }
            var rows = 0
            for table in Self.tables {
                rows += try await tx.execute("DELETE FROM \(identifier: table) WHERE person_id = \(person)")
            }
            if rows > 0 {
                try await tx.record(
                    "brightkitchen.registry.person.erased.v1", subject: person.rawValue, data: Fact(personId: person),
                    context, occurredAt: now)
            }
            return .erased
        }
    }
}
