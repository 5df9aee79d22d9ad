import Calendar
import Crypto
import Foundation
import Postgres

/// Counts attempts to sign in before the password is looked at, so that parallel guesses cannot slip past the limit.
struct SignInFailures {
    /// What is counted; stored as a hash only.
    enum Subject {
        case login(String)
        case address(String)

        var hash: [UInt8] {
            let text =
                switch self {
                case .login(let login): "login:" + login.lowercased()
                case .address(let address): "address:" + address
                }
            return Array(SHA256.hash(data: Data(text.utf8)))
        }

        var limit: Int {
            switch self {
            case .login: LockoutPolicy.failuresPerLogin
            case .address: LockoutPolicy.failuresPerAddress
            }
        }
    }

    /// Counts one attempt. The time until which the subject is blocked, nil when the attempt may go on.
    static func count(_ subject: Subject, now: Instant, _ executor: some PostgresExecutor) async throws -> Instant? {
        let windowStart = now - LockoutPolicy.window
        let blockEnd = now + LockoutPolicy.window
        let limit = subject.limit
        let row = try await executor.first(
            """
            INSERT INTO sign_in_failure AS f (subject, first_at, failures, blocked_until)
            VALUES (\(subject.hash), \(now), 1, NULL)
            ON CONFLICT (subject) DO UPDATE SET
                first_at = CASE WHEN coalesce(f.blocked_until <= \(now), f.first_at <= \(windowStart))
                                THEN excluded.first_at ELSE f.first_at END,
                failures = CASE WHEN coalesce(f.blocked_until <= \(now), f.first_at <= \(windowStart))
                                THEN 1 ELSE least(f.failures, 1000000) + 1 END,
                blocked_until = CASE WHEN coalesce(f.blocked_until <= \(now), f.first_at <= \(windowStart)) THEN NULL
                                     WHEN f.blocked_until IS NOT NULL THEN f.blocked_until
                                     WHEN f.failures + 1 >= \(limit) THEN \(blockEnd) END
            RETURNING failures, blocked_until
            """
        ) { row -> (failures: Int, until: Instant?) in (try row["failures"], try row["blocked_until"]) }
        guard let row, row.failures > limit else { return nil }
        return row.until ?? blockEnd
    }

    /// The login was right: its count starts again. The address keeps its own count, less this attempt.
    static func clear(login: String, address: String, _ executor: some PostgresExecutor) async throws {
        try await executor.execute("DELETE FROM sign_in_failure WHERE subject = \(Subject.login(login).hash)")
        try await executor.execute(
            """
            UPDATE sign_in_failure SET failures = greatest(failures - 1, 0)
            WHERE subject = \(Subject.address(address).hash)
            """)
    }

    /// What was counted was no failure (a busy machine, one right step of several): takes the attempt back.
    static func forgive(login: String, address: String, _ executor: some PostgresExecutor) async throws {
        for subject in [Subject.login(login), .address(address)] {
            try await executor.execute(
                """
                UPDATE sign_in_failure SET failures = greatest(failures - 1, 0),
                    blocked_until = CASE WHEN failures - 1 >= \(subject.limit) THEN blocked_until END
                WHERE subject = \(subject.hash)
                """)
        }
    }

    /// Forgets counts that block nobody any more.
    static func purge(now: Instant, _ executor: some PostgresExecutor) async throws {
        let old = now - LockoutPolicy.window
        try await executor.execute(
            "DELETE FROM sign_in_failure WHERE first_at < \(old) AND coalesce(blocked_until < \(now), true)")
    }
}
