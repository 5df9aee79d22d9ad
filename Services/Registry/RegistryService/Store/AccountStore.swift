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
        /// A first password, chosen by us.
        let mustChange: Bool
        let passwordChangedAt: Instant?
        let isLocked: Bool
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
            SELECT \(appointmentColumns), p.name, c.cost_n, c.block_r, c.parallel_p, c.salt, c.hash, c.changed_at,
                   coalesce(c.must_change, false) AS must_change, l.person_id IS NOT NULL AS locked
            FROM person_identity p JOIN appointment a USING (person_id) LEFT JOIN credential c USING (person_id)
            LEFT JOIN account_lock l USING (person_id)
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
            return Account(
                appointment: try decodeAppointment(row), name: try row["name"], password: password,
                mustChange: try row["must_change"], passwordChangedAt: try row["changed_at"],
                isLocked: try row["locked"])
        }
    }

    /// nil after the personal data was erased.
    static func login(_ person: PersonID, _ executor: some PostgresExecutor) async throws -> String? {
        try await executor.first("SELECT login FROM person_identity WHERE person_id = \(person)") { try $0["login"] }
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
            SELECT \(CanteenStore.institutionColumns) FROM institution WHERE uscc = \(text) OR name = \(text) ORDER BY id LIMIT 10
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

    /// The current password and those before it, newest first.
    static func recentPasswords(
        _ person: PersonID, limit: Int, _ executor: some PostgresExecutor
    ) async throws -> [PasswordHash] {
        try await executor.query(
            """
            SELECT cost_n, block_r, parallel_p, salt, hash FROM (
                SELECT changed_at, cost_n, block_r, parallel_p, salt, hash FROM credential WHERE person_id = \(person)
                UNION ALL
                SELECT changed_at, cost_n, block_r, parallel_p, salt, hash FROM password_history
                WHERE person_id = \(person)) AS p
            ORDER BY changed_at DESC LIMIT \(limit)
            """
        ) { row in
            PasswordHash(
                parameters: ScryptParameters(n: try row["cost_n"], r: try row["block_r"], p: try row["parallel_p"]),
                salt: try row["salt"], hash: try row["hash"])
        }
    }

    /// Replaces the password and ends every session of the person but `kept`. `mustChange`: we chose it, so it is good
    /// for one sign-in.
    static func savePassword(
        _ password: PasswordHash, of person: PersonID, at now: Instant, mustChange: Bool = false,
        keeping kept: String? = nil, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO password_history (person_id, changed_at, cost_n, block_r, parallel_p, salt, hash)
            SELECT person_id, changed_at, cost_n, block_r, parallel_p, salt, hash FROM credential
            WHERE person_id = \(person) ON CONFLICT DO NOTHING
            """)
        try await transaction.execute(
            """
            DELETE FROM password_history WHERE person_id = \(person) AND changed_at NOT IN (
                SELECT changed_at FROM password_history WHERE person_id = \(person)
                ORDER BY changed_at DESC LIMIT \(PasswordPolicy.history))
            """)
        try await transaction.execute(
            """
            INSERT INTO credential (person_id, algorithm, cost_n, block_r, parallel_p, salt, hash, changed_at,
                                    must_change)
            VALUES (\(person), 'scrypt', \(password.parameters.n), \(password.parameters.r),
                    \(password.parameters.p), \(password.salt), \(password.hash), \(now),
                    \(mustChange))
            ON CONFLICT (person_id) DO UPDATE SET algorithm = excluded.algorithm, cost_n = excluded.cost_n,
                block_r = excluded.block_r, parallel_p = excluded.parallel_p, salt = excluded.salt,
                hash = excluded.hash, changed_at = excluded.changed_at, must_change = excluded.must_change
            """)
        try await SessionStore.endAll(of: person, except: kept, now: now, transaction)
    }
}
