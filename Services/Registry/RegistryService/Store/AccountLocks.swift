import Calendar
import Contracts
import Postgres

/// Technical locks of accounts, by the system administrator.
enum AccountLocks {
    static func isLocked(_ person: PersonID, _ executor: some PostgresExecutor) async throws -> Bool {
        try await executor.first("SELECT 1 AS one FROM account_lock WHERE person_id = \(person)") { _ in true } ?? false
    }

    static func lock(
        _ person: PersonID, by administrator: PersonID, reason: String, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO account_lock (person_id, locked_at, locked_by, reason)
            VALUES (\(person), \(now), \(administrator), \(reason)) ON CONFLICT (person_id) DO NOTHING
            """) == 1
    }

    static func unlock(_ person: PersonID, _ transaction: PostgresTransaction) async throws -> Bool {
        try await transaction.execute("DELETE FROM account_lock WHERE person_id = \(person)") == 1
    }
}
