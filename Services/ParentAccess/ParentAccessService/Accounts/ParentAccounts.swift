import Access
import Attachments
import Calendar
import Concurrency
import Contracts
import Journal
import Postgres
import ServiceKit

/// What representatives do with their own accounts: accept an invitation, log in and out, have themselves erased.
struct ParentAccounts: Sendable {
    let pool: PostgresPool
    let clock: any WallClock
    let refresher: LiveRefresher
    let passwords: PasswordHasher
    let person: RepresentativePerson
    let codes: ActivationCodes
    let files: AttachmentStore

    /// The invitation behind a link, as long as it can be used. 404 when there is none, 410 when it is over.
    func invitation(_ token: SecretToken) async throws -> RepresentativeAccount {
        guard let row = try await AccountStore.invitation(token.hash, pool) else { throw Problem.notFound }
        if row.usedAt != nil { throw Self.gone("invitation_used") }
        if row.withdrawnAt != nil || row.account.state.after(.accept) == nil { throw Self.gone("invitation_withdrawn") }
        guard clock.now() < row.expiresAt else { throw Self.gone("invitation_expired") }
        return row.account
    }

    /// Sends the code that proves the number. Where the school gave a number, it must be that one.
    func sendCode(_ token: SecretToken, to mobileNumber: String) async throws -> Instant {
        let account = try await invitation(token)
        try await checkNumber(account.representativeId, mobileNumber)
        return try await codes.send(token, to: mobileNumber)
    }

    /// An answer that does not tell the number: who holds a link that was passed on must not learn whose it was.
    private func checkNumber(_ id: RepresentativeID, _ mobileNumber: String) async throws {
        guard let known = try await AccountStore.mobileHash(id, pool), known != person.mobileHash(mobileNumber) else {
            return
        }
        throw Problem.invalid(
            "mobile_number", code: "mobile_number_other", zh: "与学校登记的手机号码不一致，请联系学校。",
            en: "This is not the number your school noted down. Please ask the school.")
    }

    /// Uses the invitation: verified number, password, consent, and the account is activated. Of two at once, one wins.
    func accept(
        _ token: SecretToken, password: String, mobileNumber: String, code: String, consentVersion: String,
        _ context: @Sendable (Actor) -> EventContext
    ) async throws -> RepresentativeAccount {
        let account = try await invitation(token)
        try await checkNumber(account.representativeId, mobileNumber)
        try await codes.check(token, mobileNumber, code)
        let hash = try await unlessBusy { try await passwords.hash(password) }
        let now = clock.now()
        let id = account.representativeId
        let eventContext = context(.representative(id))
        try await pool.transaction { tx in
            guard try await AccountStore.useInvitation(token.hash, now: now, tx) else {
                throw Self.gone("invitation_used")
            }
            guard let current = try await RepresentativeStore.lockAccount(id, of: .holder(account.schoolId), tx),
                let next = current.state.after(.accept)
            else { throw Self.gone("invitation_withdrawn") }
            if next != current.state { try await RepresentativeStore.setState(id, next, now: now, tx) }
            try await AccountStore.insertCredential(id, hash, tx)
            try await AccountStore.insertConsent(id, version: consentVersion, now: now, tx)
            try await AccountStore.setVerifiedNumber(id, mobileNumber, person, now: now, tx)
            guard current.state == .invited else {
                // A new password ends whatever was open with the old one.
                try await RepresentativeStore.endLogins(id, now: now, tx)
                try await tx.record(
                    "brightkitchen.parent-access.representative.password-renewed.v1", subject: id.rawValue,
                    data: StateChange(representativeId: id, schoolId: account.schoolId, state: next), eventContext,
                    occurredAt: now)
                return
            }
            try await tx.publish(
                RepresentativeActivated(representativeId: id, schoolId: account.schoolId, activatedAt: now),
                eventContext, occurredAt: now)
        }
        try await refresher.refresh()
        return account
    }

    /// A new session for the right password. 401 for a wrong one or an unknown number, 403 for an account that may not
    /// log in (told only to who knows the password), 429 while locked.
    func logIn(
        accountNumber: String, password: String, _ context: @Sendable (Actor) -> EventContext
    ) async throws -> SecretToken {
        let now = clock.now()
        let credential = try await claimAttempt(accountNumber, now)
        let isRight: Bool
        do {
            isRight = try await passwords.verify(password, against: credential?.hash)
        } catch is PasswordHasher.Overloaded {
            // Nothing was compared: this was no attempt.
            try await AccountStore.forgiveAttempt(accountNumber: accountNumber, pool)
            throw Self.busy
        }
        guard isRight, let credential else { throw Self.wrongPassword }
        let token = SecretToken.random()
        let id = credential.account.representativeId
        let eventContext = context(.representative(id))
        try await pool.transaction { tx in
            try await AccountStore.setFailures(id, 0, lockedUntil: nil, tx)
            guard
                let account = try await RepresentativeStore.lockAccount(
                    id, of: .holder(credential.account.schoolId), tx),
                now < account.expiresAt, let next = account.state.after(.logIn)
            else { throw Self.notActive }
            if next != account.state { try await RepresentativeStore.setState(id, next, now: now, tx) }
            try await AccountStore.insertLogin(token.hash, id, now: now, tx)
            try await tx.record(
                "brightkitchen.parent-access.representative.logged-in.v1", subject: id.rawValue,
                data: StateChange(representativeId: id, schoolId: account.schoolId, state: next), eventContext,
                occurredAt: now)
        }
        try await refresher.refresh()
        return token
    }

    /// Counts the attempt before the password is looked at; success sets the count back.
    private func claimAttempt(_ accountNumber: String, _ now: Instant) async throws -> AccountStore.Credential? {
        try await pool.transaction { tx in
            guard let credential = try await AccountStore.lockCredential(accountNumber: accountNumber, tx) else {
                // Numbers that nobody has are locked like those that somebody has: a lock tells nothing.
                let before = try await AccountStore.lockUnknown(accountNumber: accountNumber, now: now, tx)
                try checkLock(before.lockedUntil, now)
                try await AccountStore.setUnknown(
                    accountNumber: accountNumber, before.failures + 1,
                    lockedUntil: LoginLock.until(failures: before.failures + 1, now: now), tx)
                return nil
            }
            try checkLock(credential.lockedUntil, now)
            let failures = credential.failures + 1
            try await AccountStore.setFailures(
                credential.account.representativeId, failures,
                lockedUntil: LoginLock.until(failures: failures, now: now), tx)
            return credential
        }
    }

    private func checkLock(_ lockedUntil: Instant?, _ now: Instant) throws {
        guard let lockedUntil, now < lockedUntil else { return }
        throw Problem.tooManyRequests(
            retryAfter: max(1, Int((lockedUntil - now).components.seconds)),
            zh: "密码错误次数过多，请稍后再试。", en: "Too many wrong passwords. Please try again later.")
    }

    /// Accepts the terms in their present version.
    func consent(_ id: RepresentativeID, school: SchoolID, _ context: EventContext) async throws {
        let now = clock.now()
        try await pool.transaction { tx in
            guard try await RepresentativeStore.lockAccount(id, of: .holder(school), tx) != nil else {
                throw Problem.notFound
            }
            try await AccountStore.insertConsent(id, version: Consent.currentVersion, now: now, tx)
            try await tx.record(
                "brightkitchen.parent-access.representative.consented.v1", subject: id.rawValue,
                data: ["representative_id": id.rawValue, "version": Consent.currentVersion], context, occurredAt: now)
        }
        try await refresher.refresh()
    }

    func logOut(_ loginHash: [UInt8]) async throws {
        try await AccountStore.endLogin(loginHash, now: clock.now(), pool)
        try await refresher.refresh()
    }

    /// Erases the person and ends every right. The record of views keeps the pseudonym (scenario 25).
    func erase(_ id: RepresentativeID, school: SchoolID, _ context: EventContext) async throws {
        let now = clock.now()
        let photographs = try await pool.transaction { tx in
            guard try await RepresentativeStore.lockAccount(id, of: .holder(school), tx) != nil else {
                throw Problem.notFound
            }
            let grants = try await RepresentativeStore.revokeGrants(id, reason: "representative_revoked", now: now, tx)
            let photographs = try await FeedbackStore.erase(of: id, tx)
            try await AccountStore.erase(id, now: now, tx)
            try await tx.publish(
                grants.map { Representatives.revoked($0, "representative_revoked", now) }, context, occurredAt: now)
            try await tx.record(
                "brightkitchen.parent-access.representative.erased.v1", subject: id.rawValue,
                data: StateChange(representativeId: id, schoolId: school, state: .revoked), context, occurredAt: now)
            return photographs
        }
        for photograph in photographs { try await files.remove(photograph) }
        try await refresher.refresh()
    }

    // MARK: refusals

    /// 503 when too many passwords wait to be hashed.
    private func unlessBusy<Result: Sendable>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch is PasswordHasher.Overloaded {
            throw Self.busy
        }
    }

    private static let busy = Problem.unavailable(code: "busy", retryAfter: 5)

    static let wrongPassword = Problem(
        .unauthorized, code: "wrong_password",
        detail: LocalizedText(zh: "账号或密码不正确。", en: "The account number or the password is wrong."))

    static let notActive = Problem(
        .forbidden, code: "account_not_active",
        detail: LocalizedText(
            zh: "账号已停用或已到期，请联系学校。", en: "The account is suspended or has ended. Please ask the school."))

    private static func gone(_ code: String) -> Problem {
        Problem(
            .gone, code: code,
            detail: LocalizedText(
                zh: "邀请链接已使用或已失效，请向学校索取新的链接。",
                en: "This invitation has been used or is over. Please ask the school for a new one."))
    }
}
