import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Signing in, staying signed in and signing out.
struct SignIn: Sendable {
    struct SignedIn: Sendable {
        let principal: Principal
        let accessToken: String
    }

    enum Refusal: Error {
        /// Unknown login, wrong password, appointment not in force: one answer for all three.
        case wrongCredentials
        case blocked(seconds: Int)
        case overloaded
    }

    let pool: PostgresPool
    let hasher: PasswordHasher
    let signer: TokenSigner

    /// `session`: a token for a browser session to be started with it; nil for API clients.
    func signIn(
        login: String, password: String, address: String, session: String?, now: Instant, context: BrightContext
    ) async throws -> SignedIn {
        for subject in [SignInFailures.Subject.address(address), .login(login)] {
            if let until = try await SignInFailures.count(subject, now: now, pool) {
                throw Refusal.blocked(seconds: max(1, Int((until - now).components.seconds)))
            }
        }
        let account = try await AccountStore.account(login: login, pool)
        let isRight: Bool
        do {
            isRight = try await hasher.verify(password, against: account?.password)
        } catch is PasswordHasher.Overloaded {
            throw Refusal.overloaded
        }
        let person = account?.appointment.personId
        guard isRight, let person, let principal = try await principal(person, now: now) else {
            try await note("refused", person, now, context)
            throw Refusal.wrongCredentials
        }
        let token = try await signer.sign(principal, now: now)
        try await pool.transaction { transaction in
            try await SignInFailures.clear(login: login, address: address, transaction)
            if let session { try await SessionStore.insert(session, of: person, now: now, transaction) }
            try await transaction.record(
                Self.type("signed-in"), subject: person.rawValue, data: Fact(role: principal.role.rawValue),
                context.eventContext(actor: .person(person)), occurredAt: now)
        }
        return SignedIn(principal: principal, accessToken: token)
    }

    /// A fresh access token for a living session; nil when the session is over or the appointment ended.
    func renew(session: String, now: Instant) async throws -> SignedIn? {
        guard let person = try await SessionStore.use(session, now: now, pool),
            let principal = try await principal(person, now: now)
        else { return nil }
        return SignedIn(principal: principal, accessToken: try await signer.sign(principal, now: now))
    }

    func signOut(session: String, now: Instant, context: BrightContext) async throws {
        try await pool.transaction { transaction in
            guard let person = try await SessionStore.end(session, transaction) else { return }
            try await transaction.record(
                Self.type("signed-out"), subject: person.rawValue, data: Fact(role: nil),
                context.eventContext(actor: .person(person)), occurredAt: now)
        }
    }

    /// nil outside the days of the appointment.
    private func principal(_ person: PersonID, now: Instant) async throws -> Principal? {
        guard let (appointment, organ) = try await AccountStore.principalFacts(person, pool),
            appointment.isInForce(on: LocalDate(now))
        else { return nil }
        return Principal(
            personId: person, role: appointment.role, organId: organ?.id, organLevel: organ?.level,
            department: organ?.department, divisionCode: organ?.divisionCode, schoolId: appointment.schoolId)
    }

    private struct Fact: Encodable {
        let role: String?
    }

    private static func type(_ fact: String) -> String { "brightkitchen.registry.account.\(fact).v1" }

    /// Every refused attempt is in the log (等保 8.1.4.3): by account where there is one, never by what was typed.
    private func note(_ fact: String, _ person: PersonID?, _ now: Instant, _ context: BrightContext) async throws {
        try await pool.transaction { transaction in
            try await transaction.record(
                Self.type("sign-in-\(fact)"), subject: person?.rawValue ?? "unknown", data: Fact(role: nil),
                context.eventContext(actor: .system("sign-in")), occurredAt: now)
        }
    }
}
