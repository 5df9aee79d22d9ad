import Calendar
import Contracts
import PersonalData
import Postgres

/// Links to the city's OpenID Connect provider: accounts, requests under way, sessions.
enum FederatedStore {
    struct Request: Sendable {
        let nonce: String
        let codeVerifier: String
        let returnPath: String?
        let linkPerson: PersonID?
    }

    private static func place(_ sid: String) -> SealedPlace { SealedPlace("federated_session", "id_token", row: sid) }

    static func person(
        issuer: String, subject: String, _ executor: some PostgresExecutor
    ) async throws -> PersonID? {
        try await executor.first(
            "SELECT person_id FROM federated_identity WHERE issuer = \(issuer) AND subject = \(subject)"
        ) { try $0["person_id"] }
    }

    /// False when the subject belongs to another account already.
    static func link(
        issuer: String, subject: String, to person: PersonID, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        if let owner = try await self.person(issuer: issuer, subject: subject, transaction) { return owner == person }
        try await unlink(person, transaction)
        try await transaction.execute(
            """
            INSERT INTO federated_identity (issuer, subject, person_id, linked_at)
            VALUES (\(issuer), \(subject), \(person), \(now))
            """)
        return true
    }

    static func unlink(_ person: PersonID, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute("DELETE FROM federated_identity WHERE person_id = \(person)")
    }

    static func isLinked(_ person: PersonID, _ executor: some PostgresExecutor) async throws -> Bool {
        try await executor.first("SELECT 1 AS one FROM federated_identity WHERE person_id = \(person)") { _ in true }
            ?? false
    }

    static func begin(
        state: String, browser: String, _ request: Request, until expiry: Instant, _ executor: some PostgresExecutor
    ) async throws {
        try await executor.execute(
            """
            INSERT INTO federated_sign_in (state_hash, browser_hash, nonce, code_verifier, return_path, link_person,
                                           expires_at)
            VALUES (\(SessionStore.hash(state)), \(SessionStore.hash(browser)), \(request.nonce),
                    \(request.codeVerifier), \(request.returnPath), \(request.linkPerson), \(expiry))
            """)
    }

    /// The request of this state, made by this browser; gone afterwards.
    static func take(
        state: String, browser: String, now: Instant, _ executor: some PostgresExecutor
    ) async throws -> Request? {
        try await executor.first(
            """
            DELETE FROM federated_sign_in WHERE state_hash = \(SessionStore.hash(state))
                AND browser_hash = \(SessionStore.hash(browser)) AND expires_at > \(now)
            RETURNING nonce, code_verifier, return_path, link_person
            """
        ) { row in
            Request(
                nonce: try row["nonce"], codeVerifier: try row["code_verifier"], returnPath: try row["return_path"],
                linkPerson: try row["link_person"])
        }
    }

    static func bind(
        _ session: FederatedSession, to sid: String, _ keys: PersonalDataKeys, _ transaction: PostgresTransaction
    ) async throws {
        let sealed = try keys.seal(session.idToken, at: place(sid))
        try await transaction.execute(
            """
            INSERT INTO federated_session (sid, issuer, subject, provider_sid, id_token)
            VALUES (\(sid), \(session.issuer), \(session.subject), \(session.providerSid), \(sealed))
            """)
    }

    /// The ID token of a session of ours, to name it at the provider's logout.
    static func idToken(
        of session: String, _ keys: PersonalDataKeys, _ executor: some PostgresExecutor
    ) async throws -> String? {
        try await executor.first(
            """
            SELECT f.sid, f.id_token FROM federated_session f JOIN session s USING (sid)
            WHERE s.token_hash = \(SessionStore.hash(session))
            """
        ) { row -> String? in
            let sid: String = try row["sid"]
            guard let sealed = SealedText(rawValue: try row["id_token"]) else { return nil }
            return try keys.open(sealed, at: place(sid))
        } ?? nil
    }

    /// Sessions of ours that a logout at the provider ends: those of its session, or all of the subject.
    static func sessions(
        issuer: String, subject: String?, providerSid: String?, _ transaction: PostgresTransaction
    ) async throws -> [(sid: String, person: PersonID)] {
        try await transaction.query(
            """
            SELECT s.sid, s.person_id FROM federated_session f JOIN session s USING (sid)
            WHERE f.issuer = \(issuer) AND (\(subject)::text IS NULL OR f.subject = \(subject))
                AND (\(providerSid)::text IS NULL OR f.provider_sid = \(providerSid))
            """
        ) { row -> (sid: String, person: PersonID) in (try row["sid"], try row["person_id"]) }
    }

    /// True the first time this token is seen.
    static func isFirst(
        issuer: String, jti: String, until expiry: Instant, _ executor: some PostgresExecutor
    ) async throws -> Bool {
        try await executor.execute(
            """
            INSERT INTO token_seen (issuer, jti, expires_at) VALUES (\(issuer), \(jti), \(expiry))
            ON CONFLICT DO NOTHING
            """) == 1
    }

    static func purge(now: Instant, _ executor: some PostgresExecutor) async throws {
        try await executor.execute("DELETE FROM federated_sign_in WHERE expires_at <= \(now)")
        try await executor.execute("DELETE FROM token_seen WHERE expires_at <= \(now)")
        try await executor.execute("DELETE FROM passkey_challenge WHERE expires_at <= \(now)")
    }
}
