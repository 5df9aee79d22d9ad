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
    let person: RepresentativePerson

    /// Invites a new representative together with the first grant.
    func invite(
        school: SchoolID, label: String, mobileNumber: String?, terms: GrantTerms, _ context: EventContext
    ) async throws -> Invitation {
        let all = try await invite(
            school: school, [Invitee(label: label, mobileNumber: mobileNumber)], terms: terms, context)
        return all[0]
    }

    /// Invites all of them or, when the quota does not allow it, nobody.
    func invite(
        school: SchoolID, sponsor: OrganID? = nil, _ invitees: [Invitee], terms: GrantTerms, _ context: EventContext
    ) async throws -> [Invitation] {
        let now = clock.now()
        let city = live.city(at: now)
        try check(terms, school: school, longestDays: sponsor == nil ? nil : city.guestDays, now: now)
        let expiresAt = now + Invitation.lifetime
        let invitations = try await pool.transaction { tx in
            try await RepresentativeStore.lock(school: school, tx)
            if sponsor == nil {
                let count = try await RepresentativeStore.countCurrent(school: school, tx)
                guard count + invitees.count <= city.quota else {
                    throw Problem.conflict(
                        code: "quota", zh: "本校家长代表上限为 \(city.quota) 名，目前已有 \(count) 名。",
                        en: "Your school may have \(city.quota) representatives and has \(count).")
                }
            }
            var invitations: [Invitation] = []
            var events: [any Event] = []
            for invitee in invitees {
                var account = RepresentativeAccount(
                    representativeId: .new(), schoolId: school, state: .invited,
                    accountNumber: AccountNumber.random(year: LocalDate(now).year), expiresAt: terms.ends)
                if sponsor != nil { account.kind = .guest }
                let grant = self.grant(terms, account.representativeId, school)
                let token = SecretToken.random()
                try await RepresentativeStore.insert(
                    account, label: invitee.label, mobileNumber: invitee.mobileNumber, person, sponsor: sponsor,
                    now: now, tx)
                try await RepresentativeStore.insertInvitation(
                    token, account.representativeId, now: now, expiresAt: expiresAt, tx)
                try await RepresentativeStore.insert(grant, by: context.actor.rawValue, now: now, tx)
                events.append(
                    RepresentativeInvited(
                        representativeId: account.representativeId, schoolId: school, expiresAt: expiresAt))
                events.append(created(grant))
                invitations.append(
                    Invitation(
                        representativeId: account.representativeId, accountNumber: account.accountNumber, token: token,
                        expiresAt: expiresAt, grantId: grant.grantId, label: invitee.label,
                        mobileNumber: invitee.mobileNumber))
            }
            try await tx.publish(events, context, occurredAt: now)
            return invitations
        }
        try await refresher.refresh()
        return invitations
    }

    /// A new link; the old one stops working. For an account in use it sets a new password: the old one is forgotten.
    func renewInvitation(
        _ id: RepresentativeID, of owner: AccountOwner, _ context: EventContext
    ) async throws -> Invitation {
        let now = clock.now()
        let token = SecretToken.random()
        let expiresAt = now + Invitation.lifetime
        let account = try await pool.transaction { tx in
            let account = try await lock(id, owner, tx)
            guard account.state == .invited || account.state.isUsable else { throw Self.wrongState(account.state) }
            try await RepresentativeStore.insertInvitation(token, id, now: now, expiresAt: expiresAt, tx)
            try await tx.publish(
                RepresentativeInvited(representativeId: id, schoolId: account.schoolId, expiresAt: expiresAt),
                context, occurredAt: now)
            return account
        }
        return Invitation(
            representativeId: id, accountNumber: account.accountNumber, token: token, expiresAt: expiresAt,
            grantId: nil,
            label: nil)
    }

    /// Adds a grant; the account lives at least as long.
    func grant(
        _ id: RepresentativeID, of owner: AccountOwner, terms: GrantTerms, _ context: EventContext
    ) async throws -> GrantID {
        let now = clock.now()
        let grantId = try await pool.transaction { tx in
            let account = try await lock(id, owner, tx)
            let longest = account.kind == .guest ? live.city(at: now).guestDays : nil
            try check(terms, school: account.schoolId, longestDays: longest, now: now)
            let grant = self.grant(terms, id, account.schoolId)
            guard account.state != .revoked, account.state != .expired else { throw Self.wrongState(account.state) }
            try await RepresentativeStore.insert(grant, by: context.actor.rawValue, now: now, tx)
            try await RepresentativeStore.extend(id, to: grant.validTo, tx)
            try await tx.publish(created(grant), context, occurredAt: now)
            return grant.grantId
        }
        try await refresher.refresh()
        return grantId
    }

    /// Takes one grant back. A second time changes nothing.
    func revokeGrant(
        _ grant: GrantID, from id: RepresentativeID, of owner: AccountOwner, _ context: EventContext
    ) async throws {
        let now = clock.now()
        try await pool.transaction { tx in
            _ = try await lock(id, owner, tx)
            let revoked = try await RepresentativeStore.revokeGrants(
                id, only: grant, reason: "revoked_by_school", now: now, tx)
            try await tx.publish(
                revoked.map { Self.revoked($0, "revoked_by_school", now) }, context, occurredAt: now)
        }
        try await refresher.refresh()
    }

    /// Suspends, resumes or revokes an account. A repeated command changes nothing; a step that is not possible is 409.
    func take(
        _ step: AccountState.Step, _ id: RepresentativeID, of owner: AccountOwner, _ context: EventContext
    ) async throws {
        let now = clock.now()
        try await pool.transaction { tx in
            let account = try await lock(id, owner, tx)
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
                data: StateChange(representativeId: id, schoolId: account.schoolId, state: next), context,
                occurredAt: now)
        }
        try await refresher.refresh()
    }

    // MARK: parts

    func check(_ terms: GrantTerms, school: SchoolID, longestDays: Int? = nil, now: Instant) throws {
        let cameras = live.grantableCameras(of: school, on: LocalDate(now))
        let check = GrantTermsCheck(
            limits: live.city(at: now).limits,
            cameras: Dictionary(cameras.map { ($0.cameraId, $0) }, uniquingKeysWith: { first, _ in first }),
            school: school, today: LocalDate(now), longestDays: longestDays ?? GrantTerms.longestDays)
        let faults = check.faults(terms)
        if !faults.isEmpty { throw Problem(faults: faults) }
    }

    func lock(
        _ id: RepresentativeID, _ owner: AccountOwner, _ tx: PostgresTransaction
    ) async throws -> RepresentativeAccount {
        guard let account = try await RepresentativeStore.lockAccount(id, of: owner, tx) else {
            throw Problem.notFound
        }
        return account
    }

    func grant(_ terms: GrantTerms, _ id: RepresentativeID, _ school: SchoolID) -> ViewGrant {
        ViewGrant(
            grantId: .new(), representativeId: id, schoolId: school, cameraIds: Set(terms.cameraIds),
            zones: Set(terms.zones), schedule: WeekSchedule(windows: terms.windows), validFrom: terms.starts,
            validTo: terms.ends)
    }

    func created(_ grant: ViewGrant) -> GrantCreated {
        GrantCreated(
            grantId: grant.grantId, representativeId: grant.representativeId, schoolId: grant.schoolId,
            cameraIds: grant.cameraIds.sorted { $0.rawValue < $1.rawValue }, validFrom: grant.validFrom,
            validTo: grant.validTo,
            zones: grant.zones.isEmpty ? nil : grant.zones.sorted { $0.rawValue < $1.rawValue })
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
        case .renew: "renewed"
        }
    }
}
