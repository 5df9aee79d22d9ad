import Calendar
import Contracts
import Postgres

/// Passkeys: public keys of authenticators, and challenges that are good once.
enum PasskeyStore {
    struct Item: Sendable {
        let credentialId: [UInt8]
        let person: PersonID
        let name: String
        /// x and y of the P-256 point.
        let publicKey: [UInt8]
        let signCount: Int64
        let createdAt: Instant
        let lastUsedAt: Instant?
    }

    private static let columns: SQL =
        "credential_id, person_id, name, public_key, sign_count, created_at, last_used_at"

    private static func decode(_ row: Row) throws -> Item {
        Item(
            credentialId: try row["credential_id"], person: try row["person_id"], name: try row["name"],
            publicKey: try row["public_key"], signCount: try row["sign_count"], createdAt: try row["created_at"],
            lastUsedAt: try row["last_used_at"])
    }

    static func list(_ person: PersonID, _ executor: some PostgresExecutor) async throws -> [Item] {
        try await executor.query(
            "SELECT \(columns) FROM passkey WHERE person_id = \(person) ORDER BY created_at", decode)
    }

    static func find(_ id: [UInt8], _ transaction: PostgresTransaction) async throws -> Item? {
        try await transaction.first("SELECT \(columns) FROM passkey WHERE credential_id = \(id) FOR UPDATE", decode)
    }

    /// False when the authenticator is registered already.
    static func insert(
        id: [UInt8], person: PersonID, name: String, publicKey: [UInt8], signCount: Int64, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO passkey (credential_id, person_id, name, public_key, sign_count, created_at)
            VALUES (\(id), \(person), \(name), \(publicKey), \(signCount), \(now)) ON CONFLICT DO NOTHING
            """) == 1
    }

    static func used(_ id: [UInt8], signCount: Int64, now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            "UPDATE passkey SET sign_count = \(signCount), last_used_at = \(now) WHERE credential_id = \(id)")
    }

    static func remove(_ id: [UInt8], of person: PersonID, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute("DELETE FROM passkey WHERE credential_id = \(id) AND person_id = \(person)") == 1
    }

    static func removeAll(of person: PersonID, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("DELETE FROM passkey WHERE person_id = \(person)")
    }

    static func challenge(
        _ challenge: [UInt8], for person: PersonID?, until expiry: Instant, _ executor: some PostgresExecutor
    ) async throws {
        try await executor.execute(
            """
            INSERT INTO passkey_challenge (challenge, person_id, expires_at) VALUES (\(challenge), \(person), \(expiry))
            """)
    }

    /// True once: the challenge was handed out, to this person or to nobody yet, and is not old.
    static func take(
        _ challenge: [UInt8], for person: PersonID?, now: Instant, _ executor: some PostgresExecutor
    ) async throws -> Bool {
        try await executor.execute(
            """
            DELETE FROM passkey_challenge WHERE challenge = \(challenge) AND expires_at > \(now)
                AND person_id IS NOT DISTINCT FROM \(person)
            """) == 1
    }
}
