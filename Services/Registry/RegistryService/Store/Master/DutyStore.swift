import Calendar
import Contracts
import PersonalData
import Postgres

/// Responsible persons of institutions.
enum DutyStore {
    struct Entry: Sendable {
        let personId: PersonID
        /// nil after the personal data was erased.
        let name: String?
        let duty: Duty
        let canteenId: CanteenID?
        let validFrom: LocalDate
        let validTo: LocalDate?

        func isInForce(on day: LocalDate) -> Bool { validFrom <= day && day <= validTo ?? day }
    }

    static func person(
        named name: String, of school: SchoolID, _ keys: PersonalDataKeys, _ executor: some PostgresExecutor
    ) async throws -> PersonID? {
        try await executor.first(
            """
            SELECT person_id FROM duty_person
            WHERE institution_id = \(school) AND name_lookup = \(DutyPersonName.lookup(name, keys))
            ORDER BY person_id LIMIT 1
            """
        ) { try $0["person_id"] }
    }

    static func savePerson(
        _ id: PersonID, name: String, of school: SchoolID, _ keys: PersonalDataKeys,
        _ transaction: PostgresTransaction
    ) async throws {
        let sealed = try DutyPersonName.seal(name, of: id, keys)
        try await transaction.execute(
            """
            INSERT INTO duty_person (person_id, institution_id, name, name_lookup)
            VALUES (\(id), \(school), \(sealed), \(DutyPersonName.lookup(name, keys)))
            ON CONFLICT (person_id) DO UPDATE SET name = excluded.name, name_lookup = excluded.name_lookup
            """)
    }

    /// Erases the personal data; what the person was responsible for, and when, stays under the pseudonym.
    static func erase(_ id: PersonID, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute("DELETE FROM duty_person WHERE person_id = \(id)") > 0
    }

    static func entries(
        of school: SchoolID, _ keys: PersonalDataKeys, _ executor: some PostgresExecutor
    ) async throws -> [Entry] {
        try await executor.query(
            """
            SELECT d.person_id, p.name, d.kind, d.canteen_id, d.valid_from, d.valid_to
            FROM duty d LEFT JOIN duty_person p USING (person_id) WHERE d.institution_id = \(school)
            ORDER BY d.kind, d.valid_from DESC, d.person_id
            """
        ) { row in
            let person: PersonID = try row["person_id"]
            let sealed: SealedText? = try row["name"]
            return Entry(
                personId: person, name: try sealed.map { try DutyPersonName.open($0, of: person, keys) },
                duty: try row["kind"],
                canteenId: try row["canteen_id"], validFrom: try row["valid_from"], validTo: try row["valid_to"])
        }
    }

    /// Institution of a person that is not erased.
    static func institution(of id: PersonID, _ executor: some PostgresExecutor) async throws -> SchoolID? {
        try await executor.first("SELECT institution_id FROM duty_person WHERE person_id = \(id)") {
            try $0["institution_id"]
        }
    }
}
