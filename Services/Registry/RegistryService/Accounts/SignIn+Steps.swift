import Access
import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// The steps between the right password and the session: code, enrolment, new password.
extension SignIn {
    func unfinished(_ token: String?, now: Instant) async throws -> PendingSignInStore.Pending {
        guard let token, let found = try await pending.find(token, now: now, pool) else {
            throw SignInRefusal.startAgain
        }
        return found
    }

    func enterCode(
        _ code: String, _ token: String?, _ visit: Visit, now: Instant, _ context: BrightContext
    ) async throws -> SignInOutcome {
        let waiting = try await unfinished(token, now: now)
        guard let token, !waiting.hasSecondFactor, waiting.enrolment == nil else { throw SignInRefusal.startAgain }
        try await count(login: waiting.login, visit, now: now)
        let isRight = try await pool.transaction { transaction in
            let isRight = try await factors.use(code, of: waiting.person, now: now, transaction)
            if isRight {
                try await pending.secondFactorDone(token, transaction)
            } else {
                try await pending.countFailure(token, transaction)
            }
            return isRight
        }
        guard isRight else {
            try await noteRefusal("code-refused", waiting.person, now, context)
            throw SignInRefusal.wrongCode
        }
        try await SignInFailures.forgive(login: waiting.login, address: visit.address, pool)
        return try await proceed(token, visit, now: now, context)
    }

    /// The first code of a new authenticator proves that it holds the secret. Returns the recovery codes.
    func confirmEnrolment(
        _ code: String, _ token: String?, _ visit: Visit, now: Instant, _ context: BrightContext
    ) async throws -> [String] {
        let waiting = try await unfinished(token, now: now)
        guard let token, !waiting.hasSecondFactor, let otp = waiting.enrolment else { throw SignInRefusal.startAgain }
        try await count(login: waiting.login, visit, now: now)
        guard let step = otp.acceptedStep(code.filter { !$0.isWhitespace }, at: now, after: 0) else {
            try await pending.countFailure(token, pool)
            throw SignInRefusal.wrongCode
        }
        let codes = try await pool.transaction { transaction in
            // Somebody else with the password may have been faster: an enrolled factor is not replaced here.
            guard try await !SecondFactorStore.isEnrolled(waiting.person, transaction) else {
                throw SignInRefusal.startAgain
            }
            let codes = try await factors.enrol(otp, of: waiting.person, usedStep: step, now: now, transaction)
            try await pending.secondFactorDone(token, transaction)
            try await transaction.record(
                Self.type("second-factor-enrolled"), subject: waiting.person.rawValue,
                data: Fact(role: nil, method: "otp"), context.eventContext(actor: .person(waiting.person)),
                occurredAt: now)
            return codes
        }
        try await SignInFailures.forgive(login: waiting.login, address: visit.address, pool)
        return codes
    }

    /// The forced change of a first or aged password.
    func replacePassword(
        _ password: String, _ token: String?, _ visit: Visit, now: Instant, _ context: BrightContext
    ) async throws -> SignInOutcome {
        let waiting = try await unfinished(token, now: now)
        guard let token, waiting.hasSecondFactor, waiting.mustChange else { throw SignInRefusal.startAgain }
        try await PasswordChange(signIn: self).set(
            password, of: waiting.person, login: waiting.login, now: now,
            context.eventContext(actor: .person(waiting.person))
        ) { transaction in try await pending.passwordChanged(token, transaction) }
        return try await proceed(token, visit, now: now, context)
    }

    /// To the next open step, or into the session.
    func proceed(
        _ token: String?, _ visit: Visit, now: Instant, _ context: BrightContext
    ) async throws -> SignInOutcome {
        let waiting = try await unfinished(token, now: now)
        guard let token else { throw SignInRefusal.startAgain }
        guard waiting.hasSecondFactor else {
            return .unfinished(token: token, next: waiting.enrolment == nil ? .code : .enrol)
        }
        guard !waiting.mustChange else { return .unfinished(token: token, next: .password) }
        guard try await pool.transaction({ try await pending.take(token, $0) }) else {
            throw SignInRefusal.startAgain
        }
        let isEnrolled = try await SecondFactorStore.isEnrolled(waiting.person, pool)
        return .signedIn(
            try await finish(
                waiting.person, waiting.login, visit, returnPath: waiting.returnPath,
                method: waiting.federated != nil ? "sso+otp" : isEnrolled ? "password+otp" : "password",
                federated: waiting.federated, now: now, context))
    }
}
