import Calendar
import Contracts
import Crypto
import Foundation
import Postgres

/// Browser sessions. The token is 256 random bits; only its hash is stored. `sid` names the session elsewhere.
enum SessionStore {
    struct Item: Sendable {
        let sid: String
        let startedAt: Instant
        let lastUsedAt: Instant
        let agent: String?
        let address: String?
    }

    static func hash(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Data(token.utf8))) }

    static func insert(
        _ token: String, sid: String, of person: PersonID, agent: String?, address: String, now: Instant,
        _ executor: some PostgresExecutor
    ) async throws {
        try await executor.execute(
            """
            INSERT INTO session (token_hash, sid, person_id, started_at, last_used_at, agent, address)
            VALUES (\(hash(token)), \(sid), \(person), \(now), \(now), \(agent), \(address))
            """)
    }

    /// The person of a living session, which is thereby used.
    static func use(
        _ token: String, now: Instant, _ executor: some PostgresExecutor
    ) async throws -> (person: PersonID, sid: String)? {
        let idle = now - SessionPolicy.idle
        let oldest = now - SessionPolicy.absolute
        return try await executor.first(
            """
            UPDATE session SET last_used_at = \(now)
            WHERE token_hash = \(hash(token)) AND last_used_at > \(idle) AND started_at > \(oldest)
            RETURNING person_id, sid
            """
        ) { row -> (person: PersonID, sid: String) in (try row["person_id"], try row["sid"]) }
    }

    /// Which session a cookie stands for, living or not; nil when there is none.
    static func sid(of token: String, _ executor: some PostgresExecutor) async throws -> String? {
        try await executor.first("SELECT sid FROM session WHERE token_hash = \(hash(token))") { try $0["sid"] }
    }

    static func list(_ person: PersonID, _ executor: some PostgresExecutor) async throws -> [Item] {
        try await executor.query(
            """
            SELECT sid, started_at, last_used_at, agent, address FROM session WHERE person_id = \(person)
            ORDER BY last_used_at DESC
            """
        ) { row in
            Item(
                sid: try row["sid"], startedAt: try row["started_at"], lastUsedAt: try row["last_used_at"],
                agent: try row["agent"], address: try row["address"])
        }
    }

    /// Ends a session by its cookie's token; its running access token is void, too.
    static func end(
        _ token: String, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> (person: PersonID, sid: String)? {
        let ended = try await transaction.first(
            "DELETE FROM session WHERE token_hash = \(hash(token)) RETURNING person_id, sid"
        ) { row -> (person: PersonID, sid: String) in (try row["person_id"], try row["sid"]) }
        if let ended { try await RevocationStore.revoke(session: ended.sid, now: now, transaction) }
        return ended
    }

    /// Ends one session of this person; false when there is no such session.
    static func end(
        sid: String, of person: PersonID, now: Instant, _ transaction: PostgresTransaction
    ) async throws -> Bool {
        let ended = try await transaction.execute("DELETE FROM session WHERE sid = \(sid) AND person_id = \(person)")
        guard ended == 1 else { return false }
        try await RevocationStore.revoke(session: sid, now: now, transaction)
        return true
    }

    /// Ends all sessions of a person but `kept`.
    static func endAll(
        of person: PersonID, except kept: String? = nil, now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        for item in try await list(person, transaction) where item.sid != kept {
            _ = try await end(sid: item.sid, of: person, now: now, transaction)
        }
    }

    static func purge(now: Instant, _ executor: some PostgresExecutor) async throws {
        let idle = now - SessionPolicy.idle
        let oldest = now - SessionPolicy.absolute
        try await executor.execute("DELETE FROM session WHERE last_used_at <= \(idle) OR started_at <= \(oldest)")
    }
}
