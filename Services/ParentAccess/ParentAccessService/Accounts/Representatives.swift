import Calendar
import Concurrency
import Contracts
import Journal
import Postgres
import ServiceKit

/// What a school does with its representatives: invite, grant, suspend, resume, revoke (art 12: accounts are the
/// school's).
///
/// Every command is one transaction with its events; when it returns, this process' decisions follow it already.
struct Representatives: Sendable {
    let pool: PostgresPool
    let clock: any WallClock
    let live: LiveState
    let refresher: LiveRefresher
    /// Current accounts per school.
    let quota: Int
    let person: RepresentativePerson

    /// Invites a new representative together with the first grant.
    func invite(
        school: SchoolID, label: String, mobileNumber: String?, terms: GrantTerms, _ context: EventContext
    ) async throws -> Invitation {
        let now = clock.now()
        try check(terms, school: school, now: now)
        let account = RepresentativeAccount(
            representativeId: .new(), schoolId: school, state: .invited,
            accountNumber: AccountNumber.random(year: LocalDate(now).year), expiresAt: terms.ends)
        let grant = self.grant(terms, account.representativeId, school)
        let token = SecretToken.random()
        let expiresAt = now + Invitation.lifetime
        try await pool.transaction { tx in
            try await RepresentativeStore.lock(school: school, tx)
            guard try await RepresentativeStore.countCurrent(school: school, tx) < quota else {
                throw Problem.conflict(
                    code: "quota", zh: "本校家长代表已达上限（\(quota) 名）。",
                    en: "Your school already has \(quota) representatives, the most that are allowed.")
            }
            try await RepresentativeStore.insert(
                account, label: label, mobileNumber: mobileNumber, person, now: now, tx)
            try await RepresentativeStore.insertInvitation(
                token, account.representativeId, now: now, expiresAt: expiresAt, tx)
            try await RepresentativeStore.insert(grant, by: context.actor.rawValue, now: now, tx)
            try await tx.publish(
                [
                    RepresentativeInvited(
                        representativeId: account.representativeId, schoolId: school, expiresAt: expiresAt),
                    created(grant),
                ], context, occurredAt: now)
        }
        try await refresher.refresh()
        return Invitation(
            representativeId: account.representativeId, accountNumber: account.accountNumber, token: token,
            expiresAt: expiresAt, grantId: grant.grantId)
    }

    /// A new link for an account that was invited and has not answered; the old link stops working.
    func renewInvitation(_ id: RepresentativeID, school: SchoolID, _ context: EventContext) async throws -> Invitation {
        let now = clock.now()
        let token = SecretToken.random()
        let expiresAt = now + Invitation.lifetime
        let account = try await pool.transaction { tx in
            let account = try await lock(id, school, tx)
            guard account.state == .invited else { throw Self.wrongState(account.state) }
            try await RepresentativeStore.insertInvitation(token, id, now: now, expiresAt: expiresAt, tx)
            try await tx.publish(
                RepresentativeInvited(representativeId: id, schoolId: school, expiresAt: expiresAt), context,
                occurredAt: now)
            return account
        }
        return Invitation(
            representativeId: id, accountNumber: account.accountNumber, token: token, expiresAt: expiresAt, grantId: nil
        )
    }

    /// Adds a grant; the account lives at least as long.
    func grant(
        _ id: RepresentativeID, school: SchoolID, terms: GrantTerms, _ context: EventContext
    ) async throws -> GrantID {
        let now = clock.now()
        try check(terms, school: school, now: now)
        let grant = self.grant(terms, id, school)
        try await pool.transaction { tx in
            let account = try await lock(id, school, tx)
            guard account.state != .revoked, account.state != .expired else { throw Self.wrongState(account.state) }
            try await RepresentativeStore.insert(grant, by: context.actor.rawValue, now: now, tx)
            try await RepresentativeStore.extend(id, to: grant.validTo, tx)
            try await tx.publish(created(grant), context, occurredAt: now)
        }
        try await refresher.refresh()
        return grant.grantId
    }

    /// Takes one grant back. A second time changes nothing.
    func revokeGrant(
        _ grant: GrantID, of id: RepresentativeID, school: SchoolID, _ context: EventContext
    ) async throws {
        let now = clock.now()
        try await pool.transaction { tx in
            _ = try await lock(id, school, tx)
            let revoked = try await RepresentativeStore.revokeGrants(
                id, only: grant, reason: "revoked_by_school", now: now, tx)
            try await tx.publish(
                revoked.map { Self.revoked($0, "revoked_by_school", now) }, context, occurredAt: now)
        }
        try await refresher.refresh()
    }

    /// Suspends, resumes or revokes an account. A repeated command changes nothing; a step that is not possible is 409.
    func take(
        _ step: AccountState.Step, _ id: RepresentativeID, school: SchoolID, _ context: EventContext
    ) async throws {
        let now = clock.now()
        try await pool.transaction { tx in
            let account = try await lock(id, school, tx)
            guard let next = account.state.after(step) else {
                if account.state == .suspended && step == .suspend || account.state == .revoked && step == .revoke {
                    return
                }
                throw Self.wrongState(account.state)
            }
            try await RepresentativeStore.setState(id, next, now: now, tx)
            if step == .revoke {
                try await RepresentativeStore.endLogins(id, now: now, tx)
                let grants = try await RepresentativeStore.revokeGrants(
                    id, reason: "representative_revoked", now: now, tx)
                try await tx.publish(
                    grants.map { Self.revoked($0, "representative_revoked", now) }, context, occurredAt: now)
            }
            try await tx.record(
                "brightkitchen.parent-access.representative.\(step.fact).v1", subject: id.rawValue,
                data: StateChange(representativeId: id, schoolId: school, state: next), context, occurredAt: now)
        }
        try await refresher.refresh()
    }

    // MARK: parts

    private func check(_ terms: GrantTerms, school: SchoolID, now: Instant) throws {
        let cameras = live.cameras(of: school)
        let check = GrantTermsCheck(
            limits: live.rules.limits,
            cameras: Dictionary(cameras.map { ($0.cameraId, $0) }, uniquingKeysWith: { first, _ in first }),
            today: LocalDate(now))
        let faults = check.faults(terms)
        if !faults.isEmpty { throw Problem(faults: faults) }
    }

    private func lock(
        _ id: RepresentativeID, _ school: SchoolID, _ tx: PostgresTransaction
    ) async throws -> RepresentativeAccount {
        guard let account = try await RepresentativeStore.lockAccount(id, school: school, tx) else {
            throw Problem.notFound
        }
        return account
    }

    private func grant(_ terms: GrantTerms, _ id: RepresentativeID, _ school: SchoolID) -> ViewGrant {
        ViewGrant(
            grantId: .new(), representativeId: id, schoolId: school, cameraIds: Set(terms.cameraIds),
            schedule: WeekSchedule(windows: terms.windows), validFrom: terms.starts, validTo: terms.ends)
    }

    private func created(_ grant: ViewGrant) -> GrantCreated {
        GrantCreated(
            grantId: grant.grantId, representativeId: grant.representativeId, schoolId: grant.schoolId,
            cameraIds: grant.cameraIds.sorted { $0.rawValue < $1.rawValue }, validFrom: grant.validFrom,
            validTo: grant.validTo)
    }

    static func revoked(_ grant: ViewGrant, _ reason: String, _ now: Instant) -> GrantRevoked {
        GrantRevoked(
            grantId: grant.grantId, representativeId: grant.representativeId, schoolId: grant.schoolId, reason: reason,
            revokedAt: now)
    }

    static func wrongState(_ state: AccountState) -> Problem {
        Problem.conflict(
            code: "account_\(state.rawValue)", zh: "账号当前状态不允许此操作。", en: "The account's state does not allow this.")
    }
}

/// Log-only journal entry about an account; no personal data.
struct StateChange: Encodable, Sendable {
    let representativeId: RepresentativeID
    let schoolId: SchoolID
    let state: AccountState
}

extension AccountState.Step {
    /// Past tense, for journal types.
    var fact: String {
        switch self {
        case .accept: "accepted"
        case .logIn: "logged-in"
        case .suspend: "suspended"
        case .resume: "resumed"
        case .expire: "expired"
        case .revoke: "revoked"
        }
    }
}
