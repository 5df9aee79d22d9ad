import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// A new password, by whatever way it comes: rules, history, journal, and the end of every other session.
struct PasswordChange: Sendable {
    let signIn: SignIn

    /// 422 when it breaks a rule; nothing changes then. `kept`: the session that may stay.
    func set(
        _ password: String, of person: PersonID, login: String, keeping kept: String? = nil, now: Instant,
        _ context: EventContext, also effect: @Sendable (PostgresTransaction) async throws -> Void = { _ in }
    ) async throws {
        try await check(password, of: person, login: login)
        let hash = try await hash(password)
        try await signIn.pool.transaction { transaction in
            try await AccountStore.savePassword(hash, of: person, at: now, keeping: kept, transaction)
            try await effect(transaction)
            try await transaction.record(
                SignIn.type("password-changed"), subject: person.rawValue,
                data: SignIn.Fact(role: nil, method: nil), context, occurredAt: now)
        }
        try await signIn.announceRevocations()
    }

    private func hash(_ password: String) async throws -> PasswordHash {
        do {
            return try await signIn.hasher.hash(password)
        } catch is PasswordHasher.Overloaded {
            throw Problem.unavailable(code: "sign_in_busy", retryAfter: 5)
        }
    }

    private func check(_ password: String, of person: PersonID, login: String) async throws {
        if let fault = PasswordRule.fault(password, login: login) {
            throw Problem.invalid(
                "password", code: "password_rule", zh: fault.zh, en: fault.en, allowed: "12…200 characters")
        }
        guard try !CommonPasswords.shared.get().contains(password) else {
            throw Problem.invalid(
                "password", code: "password_common", zh: "这个密码太常见，容易被猜到，请换一个。",
                en: "This password is too common to be safe. Please choose another.")
        }
        for earlier in try await AccountStore.recentPasswords(person, limit: PasswordPolicy.history, signIn.pool) {
            do {
                guard try await !signIn.hasher.verify(password, against: earlier) else {
                    throw Problem.invalid(
                        "password", code: "password_reused", zh: "不能使用最近 5 次用过的密码。",
                        en: "None of your last five passwords may come back.")
                }
            } catch is PasswordHasher.Overloaded {
                throw Problem.unavailable(code: "sign_in_busy", retryAfter: 5)
            }
        }
    }
}
