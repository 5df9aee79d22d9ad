import Calendar
import Contracts
import Postgres

/// What ends by the clock, and what is not needed any more.
enum ExpiryStore {
    /// 500 a round: a term's end must not become one long transaction.
    static func expireGrants(now: Instant, _ tx: PostgresTransaction) async throws -> [ViewGrant] {
        try await tx.query(
            """
            UPDATE view_grant SET revoked_at = valid_to, revoke_reason = 'expired'
            WHERE grant_id IN (
                SELECT grant_id FROM view_grant WHERE revoked_at IS NULL AND valid_to <= \(now)
                ORDER BY valid_to LIMIT 500 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """, ViewGrant.init(row:))
    }

    static func expireAccounts(now: Instant, _ tx: PostgresTransaction) async throws -> [RepresentativeAccount] {
        try await tx.query(
            """
            UPDATE representative SET state = 'expired', ended_at = expires_at
            WHERE representative_id IN (
                SELECT representative_id FROM representative
                WHERE state IN ('invited', 'activated', 'active', 'suspended') AND expires_at <= \(now)
                ORDER BY expires_at LIMIT 500 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """, RepresentativeAccount.init(row:))
    }

    /// A code is worthless after five minutes; its count of messages is kept as long as the invitation may be used.
    static func purgeCodes(now: Instant, _ database: some PostgresExecutor) async throws {
        try await database.execute(
            """
            DELETE FROM activation_code a USING invitation i
            WHERE i.token_hash = a.token_hash AND a.expires_at < \(now)
                AND (i.used_at IS NOT NULL OR i.withdrawn_at IS NOT NULL OR i.expires_at < \(now))
            """)
    }

    /// An hour is far more than any replica is behind.
    static func purgeChanges(_ database: some PostgresExecutor) async throws {
        try await database.execute("DELETE FROM live_change WHERE changed_at < now() - interval '1 hour'")
    }
}
