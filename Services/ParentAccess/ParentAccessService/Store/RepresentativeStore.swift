import Calendar
import Contracts
import Postgres

/// Statements about representatives, their invitations and grants.
enum RepresentativeStore {
    /// Serialises what a school does with its quota.
    static func lock(school: SchoolID, _ tx: PostgresTransaction) async throws {
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(school), 7012))")
    }

    static func countCurrent(school: SchoolID, _ tx: PostgresTransaction) async throws -> Int {
        try await tx.first(
            """
            SELECT count(*) AS n FROM representative
            WHERE school_id = \(school) AND kind = 'parent'
                AND state IN ('invited', 'activated', 'active', 'suspended')
            """
        ) { try $0["n"] } ?? 0
    }

    static func insert(
        _ account: RepresentativeAccount, label: String, mobileNumber: String?, _ person: RepresentativePerson,
        sponsor: OrganID? = nil, now: Instant, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO representative (representative_id, school_id, account_number, state, invited_at, expires_at,
                kind, sponsor_organ_id)
            VALUES (\(account.representativeId), \(account.schoolId), \(account.accountNumber), \(account.state),
                \(now), \(account.expiresAt), \(account.kind), \(sponsor))
            """)
        let id = account.representativeId
        try await tx.execute(
            """
            INSERT INTO representative_person (representative_id, label)
            VALUES (\(id), \(person.sealLabel(label, of: id)))
            """)
        if let mobileNumber { try await saveMobile(mobileNumber, of: id, person, tx) }
    }

    static func saveMobile(
        _ number: String, of id: RepresentativeID, _ person: RepresentativePerson, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            UPDATE representative_person SET mobile_number = \(person.sealMobile(number, of: id)),
                mobile_hash = \(person.mobileHash(number))
            WHERE representative_id = \(id)
            """)
    }

    static func insertInvitation(
        _ token: SecretToken, _ id: RepresentativeID, now: Instant, expiresAt: Instant, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            UPDATE invitation SET withdrawn_at = \(now)
            WHERE representative_id = \(id) AND used_at IS NULL AND withdrawn_at IS NULL
            """)
        try await tx.execute(
            """
            INSERT INTO invitation (token_hash, representative_id, created_at, expires_at)
            VALUES (\(token.hash), \(id), \(now), \(expiresAt))
            """)
    }

    static func insert(_ grant: ViewGrant, by actor: String, now: Instant, _ tx: PostgresTransaction) async throws {
        try await tx.execute(
            """
            INSERT INTO view_grant (grant_id, representative_id, school_id, camera_ids, zones, windows, valid_from,
                valid_to, created_at, created_by)
            VALUES (\(grant.grantId), \(grant.representativeId), \(grant.schoolId),
                \(grant.cameraIds.map(\.rawValue).sorted()), \(grant.zones.map(\.rawValue).sorted()), \(json: grant.schedule.windows), \(grant.validFrom),
                \(grant.validTo), \(now), \(actor))
            """)
    }

    /// The account, locked until the transaction ends; nil when the owner has none of that id.
    static func lockAccount(
        _ id: RepresentativeID, of owner: AccountOwner, _ tx: PostgresTransaction
    ) async throws -> RepresentativeAccount? {
        try await tx.first(
            "SELECT r.* FROM representative r WHERE r.representative_id = \(id) AND \(owner.condition) FOR UPDATE",
            RepresentativeAccount.init(row:))
    }

    static func setState(
        _ id: RepresentativeID, _ state: AccountState, now: Instant, _ tx: PostgresTransaction
    ) async throws {
        try await tx.execute(
            """
            UPDATE representative SET state = \(state),
                activated_at = CASE WHEN \(state) = 'activated' THEN \(now) ELSE activated_at END,
                ended_at = CASE WHEN \(state) IN ('revoked', 'expired') THEN \(now) END
            WHERE representative_id = \(id)
            """)
    }

    static func extend(_ id: RepresentativeID, to end: Instant, _ tx: PostgresTransaction) async throws {
        try await tx.execute(
            "UPDATE representative SET expires_at = greatest(expires_at, \(end)) WHERE representative_id = \(id)")
    }

    static func endLogins(_ id: RepresentativeID, now: Instant, _ tx: PostgresTransaction) async throws {
        try await tx.execute(
            "UPDATE login SET ended_at = \(now) WHERE representative_id = \(id) AND ended_at IS NULL")
    }

    /// Revokes one grant, or all of a representative; answers the ones that were in force.
    static func revokeGrants(
        _ id: RepresentativeID, only grant: GrantID? = nil, reason: String, now: Instant, _ tx: PostgresTransaction
    ) async throws -> [ViewGrant] {
        try await tx.query(
            """
            UPDATE view_grant SET revoked_at = \(now), revoke_reason = \(reason)
            WHERE representative_id = \(id) AND revoked_at IS NULL AND grant_id = coalesce(\(grant)::text, grant_id)
            RETURNING *
            """, ViewGrant.init(row:))
    }
}

extension RepresentativeAccount {
    init(row: Row) throws {
        self.init(
            representativeId: try row["representative_id"], schoolId: try row["school_id"], state: try row["state"],
            accountNumber: try row["account_number"], expiresAt: try row["expires_at"], kind: try row["kind"],
            consentVersion: try row["consent_version"])
    }
}
