import Access
import Contracts
import HTTPTypes
import Hummingbird
import Journal
import Postgres
import ServiceKit

/// A person's own account: password, second factor, recovery codes, sessions, link to the city's provider.
struct AccountRoutes: Sendable {
    let runtime: ServiceRuntime
    let signIn: SignIn
    let isFederated: Bool

    func declare(_ routes: Routes) {
        let small = RouteOptions(bodyLimit: 16_384)
        routes.get("/account", .signedIn) { request, context in try await show(request, context) }
        routes.post("/account/password", .signedIn, options: small, use: changePassword)
        routes.post("/account/second-factor", .signedIn, options: small, use: removeSecondFactor)
        routes.post("/account/recovery-codes", .signedIn, options: small, use: newRecoveryCodes)
        routes.post("/account/sessions/{sid}/end", .signedIn, options: small, use: endSession)
        routes.post("/account/sso/unlink", .signedIn, options: small, use: unlink)
    }

    private var pages: Pages { runtime.pages }

    struct SessionRow {
        let sid: String
        let agent: String
        let address: String
        let startedAt: String
        let lastUsedAt: String
        let isThis: Bool
        let action: String
    }

    struct PasskeyRow {
        let name: String
        let createdAt: String
        let lastUsedAt: String?
        let action: String
    }

    private struct Model {
        let login: String
        let role: String
        let alert: String?
        let passwordFields: [FormField]
        let isEnrolled: Bool
        let needsSecondFactor: Bool
        let recoveryLeft: String
        let codeFields: [FormField]
        let sessions: [SessionRow]
        let passkeys: [PasskeyRow]
        let isFederated: Bool
        let isLinked: Bool
    }

    private func show(
        _ request: Request, _ context: BrightContext, alert: Problem? = nil
    ) async throws -> Response {
        let principal = try context.requirePrincipal()
        let person = principal.personId
        guard let login = try await AccountStore.login(person, runtime.pool) else { throw Problem.notFound }
        let own = try await ownSession(request)
        let left = try await SecondFactorStore.unusedRecoveryCodes(person, runtime.pool)
        let model = Model(
            login: login, role: pages.label(principal.role, context), alert: alert?.detail[context.language],
            passwordFields: passwordFields(alert, context),
            isEnrolled: try await SecondFactorStore.isEnrolled(person, runtime.pool),
            needsSecondFactor: principal.role.needsSecondFactor,
            recoveryLeft: pages.text("account.recovery_left", context, ["n": String(left)]),
            codeFields: [
                FormField(
                    "code", label: pages.text("login_code.code", context), maximum: 20, autocomplete: "one-time-code")
            ],
            sessions: try await SessionStore.list(person, runtime.pool).map { row($0, own, context) },
            passkeys: try await PasskeyStore.list(person, runtime.pool).map {
                PasskeyRow(
                    name: $0.name, createdAt: $0.createdAt.cityMinute, lastUsedAt: $0.lastUsedAt?.cityMinute,
                    action: "/registry/account/passkeys/\(Base64URL.encode($0.credentialId))/remove")
            },
            isFederated: isFederated, isLinked: try await FederatedStore.isLinked(person, runtime.pool))
        return try pages.render(
            "account", context,
            PageMeta(
                title: pages.text("account.title", context), lead: pages.text("account.lead", context),
                scripts: ["passkey.js"]),
            model: model, status: alert?.status ?? .ok)
    }

    private func passwordFields(_ alert: Problem?, _ context: BrightContext) -> [FormField] {
        [("current", "current-password"), ("password", "new-password"), ("repeat", "new-password")].map {
            name, autocomplete in
            FormField(
                name, label: pages.text("account.\(name)", context), type: "password",
                fault: alert?.faults.first { $0.field == name }?.detail[context.language], maximum: 200,
                autocomplete: autocomplete)
        }
    }

    private func row(_ item: SessionStore.Item, _ own: String?, _ context: BrightContext) -> SessionRow {
        SessionRow(
            sid: item.sid, agent: item.agent ?? pages.text("account.unknown_agent", context),
            address: item.address ?? "—", startedAt: item.startedAt.cityMinute,
            lastUsedAt: item.lastUsedAt.cityMinute, isThis: item.sid == own,
            action: "/registry/account/sessions/\(item.sid)/end")
    }

    private func ownSession(_ request: Request) async throws -> String? {
        guard let session = request.cookies[CookieName.session]?.value else { return nil }
        return try await SessionStore.sid(of: session, runtime.pool)
    }

    /// The current password again: somebody else may sit at the machine. Guesses count as sign-ins do.
    private func confirm(_ form: FormData, _ request: Request, _ context: BrightContext) async throws -> String {
        let person = try context.requirePrincipal().personId
        guard let login = try await AccountStore.login(person, runtime.pool),
            let account = try await AccountStore.account(login: login, runtime.pool)
        else { throw Problem.notFound }
        let given = form.values.first { $0.name == "current" }?.value ?? ""
        do {
            try await signIn.count(login: login, request.visit, now: context.now)
            guard try await signIn.hasher.verify(given, against: account.password) else {
                throw Problem.invalid(
                    "current", code: "wrong_password", zh: "当前密码不正确。", en: "The current password is wrong.")
            }
            try await SignInFailures.forgive(login: login, address: request.clientAddress, runtime.pool)
        } catch let refusal as SignInRefusal {
            throw refusal.problem
        } catch is PasswordHasher.Overloaded {
            try await SignInFailures.forgive(login: login, address: request.clientAddress, runtime.pool)
            throw SignInRefusal.overloaded.problem
        }
        return login
    }

    @Sendable private func changePassword(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        do {
            let login = try await confirm(form, request, context)
            let person = try context.requirePrincipal().personId
            try await PasswordChange(signIn: signIn).set(
                try NewPassword.read(form), of: person, login: login, keeping: try await ownSession(request),
                now: context.now, try context.eventContext())
            return .seeOther("/registry/account")
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await show(request, context, alert: problem)
        }
    }

    /// Takes the authenticator away, so that another is set up at the next sign-in; needs a code of the old one, or a
    /// recovery code.
    @Sendable private func removeSecondFactor(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        return try await withCode(form, request, context) { person, transaction in
            try await SecondFactorStore.remove(of: person, transaction)
            try await SessionStore.endAll(of: person, now: context.now, transaction)
            try await transaction.record(
                SignIn.type("second-factor-removed"), subject: person.rawValue,
                data: SignIn.Fact(role: nil, method: "otp"), try context.eventContext(), occurredAt: context.now)
            return .seeOther("/registry/login")
        }
    }

    private struct RecoveryModel {
        let codes: [String]
        let action: String
    }

    @Sendable private func newRecoveryCodes(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        return try await withCode(form, request, context) { person, transaction in
            let codes = try await signIn.factors.newRecoveryCodes(of: person, transaction)
            try await transaction.record(
                SignIn.type("recovery-codes-renewed"), subject: person.rawValue,
                data: SignIn.Fact(role: nil, method: nil), try context.eventContext(), occurredAt: context.now)
            return try pages.render(
                "recovery-codes-new", context, PageMeta(title: pages.text("recovery.title", context)),
                model: RecoveryModel(codes: codes, action: "/registry/account"))
        }
    }

    private func withCode(
        _ form: FormData, _ request: Request, _ context: BrightContext,
        _ body: @Sendable (PersonID, PostgresTransaction) async throws -> Response
    ) async throws -> Response {
        let person = try context.requirePrincipal().personId
        guard let login = try await AccountStore.login(person, runtime.pool) else { throw Problem.notFound }
        do {
            try await signIn.count(login: login, request.visit, now: context.now)
        } catch let refusal as SignInRefusal {
            throw refusal.problem
        }
        let answer = try await runtime.pool.transaction { transaction -> Response? in
            let isRight = try await signIn.factors.use(
                form.optional("code") ?? "", of: person, now: context.now, transaction)
            return isRight ? try await body(person, transaction) : nil
        }
        guard let answer else {
            try await signIn.noteRefusal("code-refused", person, context.now, context)
            return try await show(request, context, alert: SignInRefusal.wrongCode.problem)
        }
        try await SignInFailures.forgive(login: login, address: request.clientAddress, runtime.pool)
        try await signIn.announceRevocations()
        return answer
    }

    @Sendable private func endSession(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try context.requirePrincipal().personId
        guard let sid = context.parameters.get("sid"), WellFormed.isIdentifier(sid) else { throw Problem.notFound }
        try await runtime.pool.transaction { transaction in
            guard try await SessionStore.end(sid: sid, of: person, now: context.now, transaction) else {
                throw Problem.notFound
            }
            try await transaction.record(
                SignIn.type("session-ended"), subject: person.rawValue, data: SignIn.Fact(role: nil, method: nil),
                try context.eventContext(), occurredAt: context.now)
        }
        try await signIn.announceRevocations()
        return .seeOther("/registry/account")
    }

    @Sendable private func unlink(_ request: Request, _ context: BrightContext) async throws -> Response {
        let person = try context.requirePrincipal().personId
        try await runtime.pool.transaction { transaction in
            try await FederatedStore.unlink(person, transaction)
            try await transaction.record(
                SignIn.type("sso-unlinked"), subject: person.rawValue, data: SignIn.Fact(role: nil, method: "sso"),
                try context.eventContext(), occurredAt: context.now)
        }
        return .seeOther("/registry/account")
    }
}
