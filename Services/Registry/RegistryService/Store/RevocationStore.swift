import Access
import Calendar
import Contracts
import Postgres

/// What is void before it expires. Kept for a little longer than a token lives.
enum RevocationStore {
    /// Every token of the person or program issued until now.
    static func revoke(_ person: PersonID, now: Instant, _ executor: some PostgresExecutor) async throws {
        try await insert("subject", person.rawValue, now, executor)
    }

    static func revoke(session sid: String, now: Instant, _ executor: some PostgresExecutor) async throws {
        try await insert("session", sid, now, executor)
    }

    private static func insert(
        _ kind: String, _ id: String, _ now: Instant, _ executor: some PostgresExecutor
    ) async throws {
        try await executor.execute(
            """
            INSERT INTO token_revocation (kind, id, revoked_at) VALUES (\(kind), \(id), \(now))
            ON CONFLICT (kind, id) DO UPDATE SET revoked_at = excluded.revoked_at
            """)
    }

    static func current(_ executor: some PostgresExecutor) async throws -> Revocations {
        var revocations = Revocations()
        let rows = try await executor.query("SELECT kind, id, revoked_at FROM token_revocation") {
            row -> (kind: String, id: String, at: Instant) in
            (try row["kind"], try row["id"], try row["revoked_at"])
        }
        for row in rows {
            if row.kind == "session" {
                revocations.sessions.insert(row.id)
            } else {
                revocations.issuedUntil[row.id] = row.at.microseconds / 1_000_000
            }
        }
        return revocations
    }

    static func purge(now: Instant, _ executor: some PostgresExecutor) async throws {
        let old = now - TokenParameters.lifetime - .seconds(60)
        try await executor.execute("DELETE FROM token_revocation WHERE revoked_at < \(old)")
    }
}
