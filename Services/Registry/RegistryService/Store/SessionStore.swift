import Calendar
import Contracts
import Crypto
import Foundation
import Postgres

/// Browser sessions. The token is 256 random bits; only its hash is stored.
enum SessionStore {
    private static func hash(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Data(token.utf8))) }

    static func insert(
        _ token: String, of person: PersonID, now: Instant, _ executor: some PostgresExecutor
    ) async throws {
        try await executor.execute(
            """
            INSERT INTO session (token_hash, person_id, started_at, last_used_at)
            VALUES (\(hash(token)), \(person), \(now), \(now))
            """)
    }

    /// The person of a living session, which is thereby used.
    static func use(_ token: String, now: Instant, _ executor: some PostgresExecutor) async throws -> PersonID? {
        let idle = now - SessionPolicy.idle
        let oldest = now - SessionPolicy.absolute
        return try await executor.first(
            """
            UPDATE session SET last_used_at = \(now)
            WHERE token_hash = \(hash(token)) AND last_used_at > \(idle) AND started_at > \(oldest)
            RETURNING person_id
            """
        ) { try $0["person_id"] }
    }

    /// The person whose session ended, nil when there was none.
    static func end(_ token: String, _ executor: some PostgresExecutor) async throws -> PersonID? {
        try await executor.first("DELETE FROM session WHERE token_hash = \(hash(token)) RETURNING person_id") {
            try $0["person_id"]
        }
    }

    static func purge(now: Instant, _ executor: some PostgresExecutor) async throws {
        let idle = now - SessionPolicy.idle
        let oldest = now - SessionPolicy.absolute
        try await executor.execute("DELETE FROM session WHERE last_used_at <= \(idle) OR started_at <= \(oldest)")
    }
}
