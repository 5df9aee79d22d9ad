import Access
import Calendar
import Contracts
import PersonalData
import Postgres
import ServiceKit

/// Addresses of persons.
enum ContactStore {
    struct Draft: Sendable {
        let contactId: String
        let personId: PersonID
        let channel: ContactChannel
        let address: SealedText
        let addressHash: [UInt8]
        let mode: ContactMode
        let language: Language
    }

    /// False when the person has this address already.
    static func insert(_ draft: Draft, now: Instant, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO contact (contact_id, person_id, channel, address, address_hash, mode, language, created_at)
            VALUES (\(draft.contactId), \(draft.personId), \(draft.channel), \(draft.address.rawValue),
                    \(draft.addressHash), \(draft.mode), \(draft.language), \(now))
            ON CONFLICT (person_id, channel, address_hash) DO NOTHING
            """) == 1
    }

    static func of(_ person: PersonID, _ executor: some PostgresExecutor) async throws -> [Contact] {
        try await executor.query(
            "SELECT * FROM contact WHERE person_id = \(person) ORDER BY created_at, contact_id", contact(from:))
    }

    static func contact(_ id: String, _ executor: some PostgresExecutor) async throws -> Contact? {
        try await executor.first("SELECT * FROM contact WHERE contact_id = \(id)", contact(from:))
    }

    static func expectCode(
        _ hash: [UInt8], until: Instant, for id: String, _ executor: some PostgresExecutor
    ) async throws {
        try await executor.execute(
            """
            UPDATE contact SET code_hash = \(hash), code_expires_at = \(until), code_tries = 0
            WHERE contact_id = \(id)
            """)
    }

    enum Verification: Sendable { case verified, wrong, tooLate }

    /// Takes the code, five tries at most.
    static func verify(
        _ hash: [UInt8], for id: String, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Verification {
        let expected = try await transaction.first(
            """
            UPDATE contact SET code_tries = code_tries + 1
            WHERE contact_id = \(id) AND code_hash IS NOT NULL AND code_expires_at > \(now) AND code_tries < 5
            RETURNING code_hash
            """
        ) { row -> [UInt8] in try row["code_hash"] }
        guard let expected else { return .tooLate }
        guard constantTimeEquals(expected, hash) else { return .wrong }
        try await transaction.execute(
            """
            UPDATE contact SET verified_at = \(now), refused_at = NULL, code_hash = NULL, code_expires_at = NULL
            WHERE contact_id = \(id)
            """)
        return .verified
    }

    static func change(
        _ id: String, mode: ContactMode, language: Language, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            "UPDATE contact SET mode = \(mode), language = \(language) WHERE contact_id = \(id)")
    }

    static func refuse(_ id: String, now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("UPDATE contact SET refused_at = \(now) WHERE contact_id = \(id)")
    }

    /// Erases the address; what waited for it is failed, visibly.
    static func remove(_ id: String, now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            UPDATE person_message SET state = 'failed', ended_at = \(now), reason = 'contact_removed'
            WHERE contact_id = \(id) AND state = 'queued'
            """)
        try await transaction.execute("DELETE FROM contact WHERE contact_id = \(id)")
    }

    /// Usable contacts of the persons who may read this inbox on that day.
    static func readers(
        of recipient: Recipient, on day: LocalDate, _ executor: some PostgresExecutor
    ) async throws -> [Contact] {
        try await executor.query(
            """
            SELECT c.* FROM contact c
            WHERE c.verified_at IS NOT NULL AND c.refused_at IS NULL AND EXISTS (
                SELECT 1 FROM appointment a WHERE a.person_id = c.person_id AND \(Self.reads(recipient, on: day)))
            ORDER BY c.contact_id
            """, contact(from:))
    }

    /// Does the person still work there?
    static func isReader(
        _ person: PersonID, of recipient: Recipient, on day: LocalDate, _ executor: some PostgresExecutor
    ) async throws -> Bool {
        try await executor.first(
            """
            SELECT EXISTS (SELECT 1 FROM appointment a
                           WHERE a.person_id = \(person) AND \(reads(recipient, on: day))) AS yes
            """
        ) { row -> Bool in try row["yes"] } ?? false
    }

    /// Notes who works nowhere any more, and who does again; the purge erases by it.
    static func markLeft(on day: LocalDate, now: Instant, _ executor: some PostgresExecutor) async throws {
        let works: SQL = """
            EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = c.person_id AND a.valid_from <= \(day)
                    AND (a.valid_to IS NULL OR a.valid_to >= \(day)))
            """
        try await executor.execute(
            """
            UPDATE contact c SET left_at = CASE WHEN \(works) THEN NULL ELSE \(now)::timestamptz END
            WHERE (c.left_at IS NULL) <> \(works)
            """)
    }

    /// Inboxes that a person reads on that day.
    static func inboxes(
        of person: PersonID, on day: LocalDate, _ executor: some PostgresExecutor
    ) async throws -> [Recipient] {
        try await executor.query(
            """
            SELECT DISTINCT CASE WHEN organ_id <> '' THEN 'organ:' || organ_id ELSE 'school:' || school_id END AS key
            FROM appointment
            WHERE person_id = \(person) AND (organ_id <> '' OR school_id <> '') AND role = ANY(\(roles)::text[])
              AND valid_from <= \(day) AND (valid_to IS NULL OR valid_to >= \(day)) ORDER BY key
            """
        ) { row -> String in try row["key"] }.compactMap(Recipient.init(key:))
    }

    /// Roles that have an inbox.
    private static let roles: [String] = [
        Role.cityRegulator, .countyRegulator, .stationOfficer, .educationOfficer, .hrOfficer, .principal, .safetyLead,
        .platformOperator, .caterer,
    ].map(\.rawValue)

    private static func reads(_ recipient: Recipient, on day: LocalDate) -> SQL {
        let whose: SQL =
            switch recipient {
            case .organ(let id): "a.organ_id = \(id)"
            case .school(let id): "a.school_id = \(id)"
            }
        return """
            \(whose) AND a.role = ANY(\(roles)::text[]) AND a.valid_from <= \(day)
            AND (a.valid_to IS NULL OR a.valid_to >= \(day))
            """
    }

    /// Contacts that get a digest now, claimed: each once a day.
    static func claimDigests(on day: LocalDate, _ transaction: PostgresTransaction) async throws -> [Contact] {
        try await transaction.query(
            """
            UPDATE contact SET digest_on = \(day)
            WHERE contact_id IN (
                SELECT contact_id FROM contact
                WHERE mode = 'digest' AND verified_at IS NOT NULL AND refused_at IS NULL
                  AND (digest_on IS NULL OR digest_on < \(day))
                ORDER BY contact_id LIMIT 200 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """, contact(from:))
    }

    @Sendable private static func contact(from row: Row) throws -> Contact {
        let address: String = try row["address"]
        guard let sealed = SealedText(rawValue: address) else { throw PersonalDataError.notSealed }
        return Contact(
            contactId: try row["contact_id"], personId: try row["person_id"], channel: try row["channel"],
            address: sealed, mode: try row["mode"], language: try row["language"],
            verifiedAt: try row["verified_at"], refusedAt: try row["refused_at"], createdAt: try row["created_at"])
    }
}
