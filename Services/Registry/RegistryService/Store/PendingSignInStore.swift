import Access
import Calendar
import Contracts
import PersonalData
import Postgres
import ServiceKit

/// Sign-ins whose password was right and that are not finished yet.
struct PendingSignInStore: Sendable {
    static let lifetime: Duration = .seconds(600)
    static let allowedFailures = 5

    struct Pending: Sendable {
        let person: PersonID
        let login: String
        let hasSecondFactor: Bool
        let mustChange: Bool
        let enrolment: OneTimePassword?
        let returnPath: String?
        /// The provider's session, where the first step was single sign-on.
        var federated: FederatedSession?
    }

    let keys: PersonalDataKeys

    private static func place(_ column: String, _ person: PersonID) -> SealedPlace {
        SealedPlace("pending_sign_in", column, row: person.rawValue)
    }

    func insert(
        _ token: String, _ pending: Pending, now: Instant, _ executor: some PostgresExecutor
    ) async throws {
        let secret = try pending.enrolment.map {
            try keys.seal($0.base32, at: Self.place("enrolment_secret", pending.person))
        }
        let federated = try pending.federated.map {
            try keys.seal(
                String(decoding: try BrightJSON.encode($0), as: UTF8.self),
                at: Self.place("federated", pending.person))
        }
        let expiry = now + Self.lifetime
        try await executor.execute(
            """
            INSERT INTO pending_sign_in (token_hash, person_id, login, has_second_factor, must_change, enrolment_secret,
                                         return_path, federated, expires_at)
            VALUES (\(SessionStore.hash(token)), \(pending.person), \(pending.login), \(pending.hasSecondFactor),
                    \(pending.mustChange), \(secret), \(pending.returnPath), \(federated),
                    \(expiry))
            """)
    }

    func find(_ token: String, now: Instant, _ executor: some PostgresExecutor) async throws -> Pending? {
        let keys = keys
        return try await executor.first(
            """
            SELECT person_id, login, has_second_factor, must_change, enrolment_secret, return_path, federated
            FROM pending_sign_in
            WHERE token_hash = \(SessionStore.hash(token)) AND expires_at > \(now)
                AND failures < \(Self.allowedFailures)
            """
        ) { row in
            let person: PersonID = try row["person_id"]
            let text: String? = try row["enrolment_secret"]
            let sealed = text.flatMap { SealedText(rawValue: $0) }
            let federatedText: String? = try row["federated"]
            let federated = try federatedText.flatMap { SealedText(rawValue: $0) }.map {
                try BrightJSON.decode(
                    FederatedSession.self, from: Array(try keys.open($0, at: Self.place("federated", person)).utf8))
            }
            return Pending(
                person: person, login: try row["login"], hasSecondFactor: try row["has_second_factor"],
                mustChange: try row["must_change"],
                enrolment: try sealed.flatMap {
                    OneTimePassword(base32: try keys.open($0, at: Self.place("enrolment_secret", person)))
                }, returnPath: try row["return_path"], federated: federated)
        }
    }

    func countFailure(_ token: String, _ executor: some PostgresExecutor) async throws {
        try await executor.execute(
            "UPDATE pending_sign_in SET failures = failures + 1 WHERE token_hash = \(SessionStore.hash(token))")
    }

    func secondFactorDone(_ token: String, _ executor: some PostgresExecutor) async throws {
        try await executor.execute(
            """
            UPDATE pending_sign_in SET has_second_factor = true, enrolment_secret = NULL
            WHERE token_hash = \(SessionStore.hash(token))
            """)
    }

    func passwordChanged(_ token: String, _ executor: some PostgresExecutor) async throws {
        try await executor.execute(
            "UPDATE pending_sign_in SET must_change = false WHERE token_hash = \(SessionStore.hash(token))")
    }

    /// True for the one request that takes it.
    func take(_ token: String, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute(
            "DELETE FROM pending_sign_in WHERE token_hash = \(SessionStore.hash(token))") == 1
    }

    static func purge(now: Instant, _ executor: some PostgresExecutor) async throws {
        try await executor.execute("DELETE FROM pending_sign_in WHERE expires_at <= \(now)")
    }
}
