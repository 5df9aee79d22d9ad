import Access
import Calendar
import Contracts
import Postgres

/// Statements about what a representative does with the own account.
enum AccountStore {
    struct InvitationRow: Sendable {
        let account: RepresentativeAccount
        let expiresAt: Instant
        let usedAt: Instant?
        let withdrawnAt: Instant?
    }

    static func invitation(_ hash: [UInt8], _ database: some PostgresExecutor) async throws -> InvitationRow? {
        try await database.first(
            """
            SELECT i.expires_at AS invitation_expires_at, i.used_at, i.withdrawn_at, r.*
            FROM invitation i JOIN representative r USING (representative_id) WHERE i.token_hash = \(hash)
            """
        ) { row in
            InvitationRow(
                account: try RepresentativeAccount(row: row), expiresAt: try row["invitation_expires_at"],
                usedAt: try row["used_at"], withdrawnAt: try row["withdrawn_at"])
        }
    }

    /// Uses the invitation up; false when somebody was faster, or it is over.
    static func useInvitation(_ hash: [UInt8], now: Instant, _ tx: PostgresTransaction) async throws -> Bool {
        try await tx.execute(
            """
            UPDATE invitation SET used_at = \(now)
            WHERE token_hash = \(hash) AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > \(now)
            """) == 1
    }

    static func insertCredential(
        _ id: RepresentativeID, _ hash: PasswordHash, _ tx: PostgresTransaction
    ) async throws {
        let cost = hash.parameters
        try await tx.execute(
            """
            INSERT INTO credential (representative_id, rounds, block_size, parallelism, salt, hash)
            VALUES (\(id), \(cost.n), \(cost.r), \(cost.p), \(hash.salt), \(hash.hash))
            ON CONFLICT (representative_id) DO UPDATE SET rounds = excluded.rounds, block_size = excluded.block_size,
                parallelism = excluded.parallelism, salt = excluded.salt, hash = excluded.hash, failures = 0,
                locked_until = NULL
            """)
    }

    static func insertConsent(
        _ id: RepresentativeID, version: String, now: Instant, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO consent (representative_id, version, accepted_at) VALUES (\(id), \(version), \(now))
            ON CONFLICT DO NOTHING
            """)
        try await tx.execute(
            "UPDATE representative SET consent_version = \(version) WHERE representative_id = \(id)")
    }

    /// Keyed hash of the number that is noted down; nil where there is none.
    static func mobileHash(_ id: RepresentativeID, _ database: some PostgresExecutor) async throws -> [UInt8]? {
        let known = try await database.first(
            "SELECT mobile_hash FROM representative_person WHERE representative_id = \(id)"
        ) { row -> [UInt8]? in try row["mobile_hash"] }
        return known ?? nil
    }

    /// The number that answered the code.
    static func setVerifiedNumber(
        _ id: RepresentativeID, _ mobileNumber: String, _ person: RepresentativePerson, now: Instant,
        _ tx: PostgresTransaction
    ) async throws {
        try await RepresentativeStore.saveMobile(mobileNumber, of: id, person, tx)
        try await tx.execute(
            "UPDATE representative_person SET verified_at = \(now) WHERE representative_id = \(id)")
    }

    struct Credential: Sendable {
        let account: RepresentativeAccount
        let hash: PasswordHash
        let failures: Int
        let lockedUntil: Instant?
    }

    /// Locked until the transaction ends, so that simultaneous guesses are counted one by one.
    static func lockCredential(accountNumber: String, _ tx: PostgresTransaction) async throws -> Credential? {
        try await tx.first(
            """
            SELECT c.rounds, c.block_size, c.parallelism, c.salt, c.hash, c.failures, c.locked_until, r.*
            FROM credential c JOIN representative r USING (representative_id)
            WHERE r.account_number = \(accountNumber) FOR UPDATE OF c
            """
        ) { row in
            Credential(
                account: try RepresentativeAccount(row: row),
                hash: PasswordHash(
                    parameters: ScryptParameters(
                        n: try row["rounds"], r: try row["block_size"], p: try row["parallelism"]),
                    salt: try row["salt"], hash: try row["hash"]),
                failures: try row["failures"], lockedUntil: try row["locked_until"])
        }
    }

    static func setFailures(
        _ id: RepresentativeID, _ failures: Int, lockedUntil: Instant?, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            UPDATE credential SET failures = \(failures), locked_until = \(lockedUntil) WHERE representative_id = \(id)
            """)
    }

    /// An attempt that compared nothing (the machine was busy) does not count.
    static func forgiveAttempt(accountNumber: String, _ database: some PostgresExecutor) async throws {
        try await database.execute(
            """
            UPDATE credential c SET failures = greatest(c.failures - 1, 0),
                locked_until = CASE WHEN c.failures - 1 >= \(LoginLock.freeAttempts) THEN c.locked_until END
            FROM representative r WHERE r.representative_id = c.representative_id
                AND r.account_number = \(accountNumber)
            """)
        try await database.execute(
            """
            UPDATE unknown_account SET failures = greatest(failures - 1, 0),
                locked_until = CASE WHEN failures - 1 >= \(LoginLock.freeAttempts) THEN locked_until END
            WHERE number_hash = \(SecretToken.digest(accountNumber))
            """)
    }

    struct Attempts: Sendable {
        let failures: Int
        let lockedUntil: Instant?
    }

    /// What was tried before with a number that nobody has.
    static func lockUnknown(
        accountNumber: String, now: Instant, _ tx: PostgresTransaction
    ) async throws -> Attempts {
        let row = try await tx.first(
            """
            INSERT INTO unknown_account (number_hash, failures, tried_at)
            VALUES (\(SecretToken.digest(accountNumber)), 0, \(now))
            ON CONFLICT (number_hash) DO UPDATE SET tried_at = excluded.tried_at RETURNING failures, locked_until
            """
        ) { row in Attempts(failures: try row["failures"], lockedUntil: try row["locked_until"]) }
        return row ?? Attempts(failures: 0, lockedUntil: nil)
    }

    static func setUnknown(
        accountNumber: String, _ failures: Int, lockedUntil: Instant?, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            UPDATE unknown_account SET failures = \(failures), locked_until = \(lockedUntil)
            WHERE number_hash = \(SecretToken.digest(accountNumber))
            """)
    }

    static func insertLogin(
        _ hash: [UInt8], _ id: RepresentativeID, now: Instant, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO login (login_hash, representative_id, created_at, last_seen_at)
            VALUES (\(hash), \(id), \(now), \(now))
            """)
    }

    static func endLogin(_ hash: [UInt8], now: Instant, _ database: some PostgresExecutor) async throws {
        try await database.execute(
            "UPDATE login SET ended_at = \(now) WHERE login_hash = \(hash) AND ended_at IS NULL")
    }

    /// Removes everything that is about the person; what is left is a pseudonym.
    static func erase(_ id: RepresentativeID, now: Instant, _ tx: PostgresTransaction) async throws {
        for table in ["representative_person", "credential", "login", "consent", "invitation"] {
            try await tx.execute("DELETE FROM \(identifier: table) WHERE representative_id = \(id)")
        }
        try await tx.execute(
            """
            UPDATE representative SET state = 'revoked', ended_at = coalesce(ended_at, \(now)), erased_at = \(now)
            WHERE representative_id = \(id)
            """)
    }
}

extension AccountStore {
    /// Writes down when sessions were last used, so that the idle limit survives a restart.
    static func touch(_ logins: [ParentLogin], _ database: some PostgresExecutor) async throws {
        guard !logins.isEmpty else { return }
        try await database.execute(
            """
            UPDATE login l SET last_seen_at = s.seen
            FROM (SELECT unnest(\(logins.map(\.hash))::bytea[]) AS hash,
                         unnest(\(logins.map(\.lastSeenAt))::timestamptz[]) AS seen) s
            WHERE l.login_hash = s.hash AND l.last_seen_at < s.seen
            """)
    }
}
