import Access
import Calendar
import Contracts
import PersonalData
import Postgres

enum AccountStore {
    struct Account: Sendable {
        let appointment: Appointment
        let name: SealedText
        let password: PasswordHash?
    }

    private static let appointmentColumns: SQL = """
        a.person_id, a.role, a.organ_id, a.school_id, a.valid_from, a.valid_to
        """

    static func decodeAppointment(_ row: Row) throws -> Appointment {
        Appointment(
            personId: try row["person_id"], role: try row["role"], organId: try row["organ_id"],
            schoolId: try row["school_id"], validFrom: try row["valid_from"], validTo: try row["valid_to"])
    }

    static func account(login: String, _ executor: some PostgresExecutor) async throws -> Account? {
        try await executor.first(
            """
            SELECT \(appointmentColumns), p.name, c.cost_n, c.block_r, c.parallel_p, c.salt, c.hash
            FROM person_identity p JOIN appointment a USING (person_id) LEFT JOIN credential c USING (person_id)
            WHERE p.login = \(login)
            """
        ) { row in
            let salt: [UInt8]? = try row["salt"]
            var password: PasswordHash?
            if let salt {
                password = PasswordHash(
                    parameters: ScryptParameters(n: try row["cost_n"], r: try row["block_r"], p: try row["parallel_p"]),
                    salt: salt, hash: try row["hash"])
            }
            return Account(appointment: try decodeAppointment(row), name: try row["name"], password: password)
        }
    }

    /// The facts that bound a person's role, as a token states them.
    static func principalFacts(
        _ id: PersonID, _ executor: some PostgresExecutor
    ) async throws -> (appointment: Appointment, organ: Organ?)? {
        try await executor.first(
            """
            SELECT \(appointmentColumns), o.id AS o_id, o.name AS o_name, o.department, o.level, o.division_code,
                   o.parent_organ_id
            FROM appointment a LEFT JOIN organ o ON o.id = a.organ_id WHERE a.person_id = \(id)
            """
        ) { row in
            let organId: OrganID? = try row["o_id"]
            var organ: Organ?
            if let organId {
                organ = Organ(
                    id: organId, name: try row["o_name"], department: try row["department"], level: try row["level"],
                    divisionCode: try row["division_code"], parentId: try row["parent_organ_id"], townships: [])
            }
            return (try decodeAppointment(row), organ)
        }
    }

    /// Institutions with this credit code or exactly this name.
    static func schools(named text: String, _ executor: some PostgresExecutor) async throws -> [Institution] {
        try await executor.query(
            """
            SELECT id, name, uscc, school_type, supervising_department, city_direct, division_code, township
            FROM institution WHERE uscc = \(text) OR name = \(text) ORDER BY id LIMIT 10
            """
        ) { try CanteenStore.decodeInstitution($0) }
    }

    static func save(_ appointment: Appointment, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO appointment (person_id, role, organ_id, school_id, valid_from, valid_to)
            VALUES (\(appointment.personId), \(appointment.role), \(appointment.organId), \(appointment.schoolId),
                    \(appointment.validFrom), \(appointment.validTo))
            ON CONFLICT (person_id) DO UPDATE SET role = excluded.role, organ_id = excluded.organ_id,
                school_id = excluded.school_id, valid_from = excluded.valid_from, valid_to = excluded.valid_to
            """)
    }

    static func saveIdentity(
        _ identity: PersonIdentity, _ keys: PersonalDataKeys, _ transaction: PostgresTransaction
    ) async throws {
        let name = try PersonName.seal(identity.name, of: identity.personId, keys)
        try await transaction.execute(
            """
            INSERT INTO person_identity (person_id, login, name)
            VALUES (\(identity.personId), \(identity.login), \(name))
            """)
    }

    /// Replaces the password and ends every session of the person.
    static func savePassword(
        _ password: PasswordHash, of person: PersonID, at now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO credential (person_id, algorithm, cost_n, block_r, parallel_p, salt, hash, changed_at)
            VALUES (\(person), 'scrypt', \(password.parameters.n), \(password.parameters.r),
                    \(password.parameters.p), \(password.salt), \(password.hash), \(now))
            ON CONFLICT (person_id) DO UPDATE SET algorithm = excluded.algorithm, cost_n = excluded.cost_n,
                block_r = excluded.block_r, parallel_p = excluded.parallel_p, salt = excluded.salt,
                hash = excluded.hash, changed_at = excluded.changed_at
            """)
        try await transaction.execute("DELETE FROM session WHERE person_id = \(person)")
    }
}
