import Access
import Calendar
import Contracts
import Journal
import PersonalData
import Postgres
import ServiceKit

/// Signing in, staying signed in and signing out.
struct SignIn: Sendable {
    let pool: PostgresPool
    let hasher: PasswordHasher
    let signer: TokenSigner
    let keys: PersonalDataKeys
    let policy: PasswordPolicy
    /// Tells this process at once what was revoked; the others hear of it within two seconds.
    let tokens: TokenVerifier
    /// What missing training means for the person's tokens.
    let training: TrainingGate

    var pending: PendingSignInStore { PendingSignInStore(keys: keys) }
    var factors: SecondFactorStore { SecondFactorStore(keys: keys) }

    /// A browser's first step.
    func begin(
        login: String, password: String, returnPath: String?, _ visit: Visit, now: Instant, _ context: BrightContext
    ) async throws -> SignInOutcome {
        let account = try await checkPassword(login, password, visit, now: now, context)
        let person = account.appointment.personId
        let isEnrolled = try await SecondFactorStore.isEnrolled(person, pool)
        let mustChange = account.mustChange || policy.isTooOld(account.passwordChangedAt, now: now)
        let needsFactor = isEnrolled || account.appointment.role.needsSecondFactor
        guard needsFactor || mustChange else {
            return .signedIn(
                try await finish(person, login, visit, returnPath: returnPath, method: "password", now: now, context))
        }
        let token = RandomToken.text()
        try await pool.transaction { transaction in
            try await SignInFailures.forgive(login: login, address: visit.address, transaction)
            try await pending.insert(
                token,
                PendingSignInStore.Pending(
                    person: person, login: login, hasSecondFactor: !needsFactor, mustChange: mustChange,
                    enrolment: isEnrolled || !needsFactor ? nil : OneTimePassword(), returnPath: returnPath),
                now: now, transaction)
        }
        let next: SignInStep = needsFactor ? (isEnrolled ? .code : .enrol) : .password
        return .unfinished(token: token, next: next)
    }

    /// A program that signs in as a person: password and code in one request.
    func token(
        login: String, password: String, code: String?, _ visit: Visit, now: Instant, _ context: BrightContext
    ) async throws -> SignedIn {
        let account = try await checkPassword(login, password, visit, now: now, context)
        let person = account.appointment.personId
        let isEnrolled = try await SecondFactorStore.isEnrolled(person, pool)
        if isEnrolled {
            guard let code else {
                try await SignInFailures.forgive(login: login, address: visit.address, pool)
                throw SignInRefusal.codeRequired
            }
            guard try await pool.transaction({ try await factors.use(code, of: person, now: now, $0) }) else {
                try await noteRefusal("code-refused", person, now, context)
                throw SignInRefusal.wrongCode
            }
        } else if account.appointment.role.needsSecondFactor {
            throw SignInRefusal.notEnrolled
        }
        guard !account.mustChange, !policy.isTooOld(account.passwordChangedAt, now: now) else {
            throw SignInRefusal.passwordChangeRequired
        }
        return try await finish(
            person, login, visit, returnPath: nil, method: isEnrolled ? "password+otp" : "password", isBrowser: false,
            now: now, context)
    }

    private func checkPassword(
        _ login: String, _ password: String, _ visit: Visit, now: Instant, _ context: BrightContext
    ) async throws -> AccountStore.Account {
        try await count(login: login, visit, now: now)
        let account = try await AccountStore.account(login: login, pool)
        let isRight: Bool
        do {
            isRight = try await hasher.verify(password, against: account?.password)
        } catch is PasswordHasher.Overloaded {
            // Nothing was compared: this was no attempt.
            try await SignInFailures.forgive(login: login, address: visit.address, pool)
            throw SignInRefusal.overloaded
        }
        let isInForce = account?.appointment.isInForce(on: LocalDate(now)) ?? false
        guard isRight, let account, isInForce, !account.isLocked else {
            try await noteRefusal("refused", account?.appointment.personId, now, context)
            throw SignInRefusal.wrongCredentials
        }
        return account
    }

    /// Counts an attempt before anything is compared.
    func count(login: String, _ visit: Visit, now: Instant) async throws {
        for subject in [SignInFailures.Subject.address(visit.address), .login(login)] {
            if let until = try await SignInFailures.count(subject, now: now, pool) {
                throw SignInRefusal.blocked(seconds: max(1, Int((until - now).components.seconds)))
            }
        }
    }

    /// Everything was right: a session of its own (for browsers) and an access token.
    func finish(
        _ person: PersonID, _ login: String?, _ visit: Visit, returnPath: String?, method: String,
        isBrowser: Bool = true, federated: FederatedSession? = nil, now: Instant, _ context: BrightContext
    ) async throws -> SignedIn {
        guard let (principal, end) = try await principal(person, now: now) else {
            throw SignInRefusal.wrongCredentials
        }
        let session = isBrowser ? RandomToken.text() : nil
        let sid = UUIDv7.string()
        try await pool.transaction { transaction in
            if let login { try await SignInFailures.clear(login: login, address: visit.address, transaction) }
            if let former = visit.formerSession { _ = try await SessionStore.end(former, now: now, transaction) }
            if let session {
                try await SessionStore.insert(
                    session, sid: sid, of: person, agent: visit.agent, address: visit.address, now: now, transaction)
                if let federated { try await FederatedStore.bind(federated, to: sid, keys, transaction) }
            }
            try await transaction.record(
                Self.type("signed-in"), subject: person.rawValue,
                data: Fact(role: principal.role.rawValue, method: method),
                context.eventContext(actor: .person(person)), occurredAt: now)
        }
        let token = try await signer.sign(
            principal, now: now, session: isBrowser ? sid : nil, notAfter: end)
        return SignedIn(principal: principal, accessToken: token, session: session, returnPath: returnPath)
    }

    /// A fresh access token for a living session; nil when the session is over or the appointment ended.
    func renew(session: String, now: Instant) async throws -> SignedIn? {
        guard let (person, sid) = try await SessionStore.use(session, now: now, pool),
            let (principal, end) = try await principal(person, now: now)
        else { return nil }
        let token = try await signer.sign(principal, now: now, session: sid, notAfter: end)
        return SignedIn(principal: principal, accessToken: token, session: session, returnPath: nil)
    }

    func signOut(session: String, now: Instant, context: BrightContext) async throws {
        try await pool.transaction { transaction in
            guard let (person, _) = try await SessionStore.end(session, now: now, transaction) else { return }
            try await transaction.record(
                Self.type("signed-out"), subject: person.rawValue, data: Fact(role: nil, method: nil),
                context.eventContext(actor: .person(person)), occurredAt: now)
        }
        try await announceRevocations()
    }

    /// Makes what was revoked effective in this process now.
    func announceRevocations() async throws {
        tokens.revoke(try await RevocationStore.current(pool))
    }

    /// nil outside the days of the appointment and while the account is locked; `end`: the instant the appointment ends.
    func principal(_ person: PersonID, now: Instant) async throws -> (principal: Principal, end: Instant?)? {
        guard let (appointment, organ) = try await AccountStore.principalFacts(person, pool),
            appointment.isInForce(on: LocalDate(now)), try await !AccountLocks.isLocked(person, pool)
        else { return nil }
        return (
            Principal(
                personId: person, role: appointment.role, organId: organ?.id, organLevel: organ?.level,
                department: organ?.department, divisionCode: organ?.divisionCode, schoolId: appointment.schoolId,
                training: try await training.shortfall(person, on: LocalDate(now))),
            appointment.validTo?.adding(days: 1).start
        )
    }

    struct Fact: Encodable {
        let role: String?
        let method: String?
    }

    static func type(_ fact: String) -> String { "brightkitchen.registry.account.\(fact).v1" }

    /// Every refused attempt is in the log (等保 8.1.4.3): by account where there is one, never by what was typed.
    func noteRefusal(_ fact: String, _ person: PersonID?, _ now: Instant, _ context: BrightContext) async throws {
        try await pool.transaction { transaction in
            try await transaction.record(
                Self.type("sign-in-\(fact)"), subject: person?.rawValue ?? "unknown",
                data: Fact(role: nil, method: nil), context.eventContext(actor: .system("sign-in")), occurredAt: now)
        }
    }
}
