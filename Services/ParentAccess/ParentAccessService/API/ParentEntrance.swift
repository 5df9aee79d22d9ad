import HTTPTypes
import Hummingbird
import Journal
import ServiceKit

/// The doors without a session: invitation, log-in, log-out.
struct ParentEntrance: Sendable {
    let accounts: ParentAccounts
    let pages: Pages
    let live: LiveState
    let cookieSecure: Bool

    func declare(_ routes: Routes) {
        routes.get("/invitation/{token}", .public, use: invitation)
        routes.post("/invitation/{token}", .public, use: accept)
        routes.post("/invitation/{token}/code", .public, use: sendCode)
        routes.get("/login", .public, use: loginForm)
        routes.post("/login", .public, use: logIn)
        routes.post("/logout", .public, use: logOut)
    }

    // MARK: invitation

    @Sendable func invitation(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await renderInvitation(context, typed: nil, isCodeSent: false, problem: nil)
    }

    /// First step: the number, to which a one-time code goes.
    @Sendable func sendCode(_ request: Request, _ context: BrightContext) async throws -> Response {
        let token = try context.secretToken("token")
        let form = try await request.form(context)
        do {
            let number = try PersonFields.requiredMobileNumber(form.optional("mobile_number"))
            _ = try await accounts.sendCode(token, to: number)
            return try await renderInvitation(context, typed: form, isCodeSent: true, problem: nil)
        } catch let problem as Problem
            where [.unprocessableContent, .tooManyRequests, .serviceUnavailable].contains(problem.status)
        {
            let isPending = problem.status == .tooManyRequests ? try await accounts.codes.isPending(token) : false
            return try await renderInvitation(context, typed: form, isCodeSent: isPending, problem: problem)
        }
    }

    /// Second step: code, password and consent.
    @Sendable func accept(_ request: Request, _ context: BrightContext) async throws -> Response {
        let token = try context.secretToken("token")
        let form = try await request.form(context)
        do {
            // Passwords are taken as typed, blanks included.
            let password = try PersonFields.password(Self.typed("password", form))
            guard Self.typed("password_again", form) == password else {
                throw Problem.invalid(
                    "password_again", code: "password_mismatch", zh: "两次输入的密码不一致。", en: "The two passwords differ.")
            }
            guard form.optional("consent") == Consent.currentVersion else {
                throw Problem.invalid(
                    "consent", code: "consent_missing", zh: "请阅读并同意使用约定。", en: "Please read and accept the terms.")
            }
            let account = try await accounts.accept(
                token, password: password,
                mobileNumber: try PersonFields.requiredMobileNumber(form.optional("mobile_number")),
                code: try PersonFields.code(form.optional("code")), consentVersion: Consent.currentVersion
            ) { context.eventContext(actor: $0) }
            return try pages.render(
                "activated", context, PageMeta(title: pages.text("activated.title", context)),
                model: ActivatedModel(number: account.accountNumber))
        } catch let problem as Problem where problem.status == .unprocessableContent {
            return try await renderInvitation(context, typed: form, isCodeSent: true, problem: problem)
        }
    }

    private func renderInvitation(
        _ context: BrightContext, typed: FormData?, isCodeSent: Bool, problem: Problem?
    ) async throws -> Response {
        let token = try context.secretToken("token")
        let account = try await accounts.invitation(token)
        func fault(_ field: String) -> String? {
            problem?.faults.first { $0.field == field }?.detail[context.language]
        }
        let path = "/parent/invitation/\(token.text)"
        let number = typed?.optional("mobile_number") ?? ""
        let numberField = FormField(
            "mobile_number", label: pages.text("invite.mobile", context), value: number, type: "tel",
            hint: pages.text("invitation.mobile_hint", context), fault: fault("mobile_number"), maximum: 20,
            autocomplete: "tel")
        let rest = [
            FormField(
                "code", label: pages.text("invitation.code", context),
                hint: pages.text("invitation.code_hint", context), fault: fault("code"), maximum: 6,
                autocomplete: "one-time-code"),
            FormField(
                "password", label: pages.text("invitation.password", context), type: "password",
                hint: pages.text("invitation.password_hint", context), fault: fault("password"), maximum: 200,
                autocomplete: "new-password"),
            FormField(
                "password_again", label: pages.text("invitation.password_again", context), type: "password",
                fault: fault("password_again"), maximum: 200, autocomplete: "new-password"),
        ]
        var response = try pages.render(
            "invitation", context,
            PageMeta(title: pages.text("invitation.title", context), lead: pages.text("invitation.lead", context)),
            model: AcceptModel(
                path: isCodeSent ? path : "\(path)/code", codePath: "\(path)/code",
                schoolName: live.canteens(of: account.schoolId).first?.schoolName ?? "", number: account.accountNumber,
                mobileNumber: number, isCodeSent: isCodeSent, consentVersion: Consent.currentVersion,
                fields: [numberField] + (isCodeSent ? rest : []), consentFault: fault("consent"),
                fault: problem.flatMap { $0.faults.isEmpty ? $0.detail[context.language] : nil }),
            status: problem?.status ?? .ok)
        if let wait = problem?.headers["Retry-After"] { response.headers[.retryAfter] = wait }
        return response
    }

    // MARK: log-in

    @Sendable func loginForm(_ request: Request, _ context: BrightContext) async throws -> Response {
        let target = try request.query("return").flatMap { WellFormed.isLocalPath($0) ? $0 : nil }
        let adds = try request.query("add") != nil
        if !adds, context.principal?.role == .parentRepresentative { return Response.seeOther(target ?? "/parent/") }
        return try renderLogin(context, number: try request.query("account"), target: target, adds: adds, problem: nil)
    }

    /// A password exactly as typed: the interface for programs takes it so, too.
    private static func typed(_ name: String, _ form: FormData) -> String {
        form.values.first { $0.name == name }?.value ?? ""
    }

    @Sendable func logIn(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let target = form.optional("return").flatMap { WellFormed.isLocalPath($0) ? $0 : nil }
        let typed = form.optional("account") ?? ""
        do {
            guard let number = AccountNumber.normalised(typed), case let password = Self.typed("password", form),
                !password.isEmpty
            else {
                throw ParentAccounts.wrongPassword
            }
            let token = try await accounts.logIn(accountNumber: number, password: password) {
                context.eventContext(actor: $0)
            }
            var response = Response.seeOther(target ?? "/parent/").signedIn(token, secure: cookieSecure)
            if form.optional("add") != nil, let before = kept(request, number, context) {
                response.setCookie(ParentSwitch.waiting(before, secure: cookieSecure))
            }
            return response
        } catch let problem as Problem where [.unauthorized, .forbidden, .tooManyRequests].contains(problem.status) {
            return try renderLogin(
                context, number: typed, target: target, adds: form.optional("add") != nil, problem: problem)
        }
    }

    /// The session that was in use before another account was entered; nil where it was the same account's.
    private func kept(_ request: Request, _ number: String, _ context: BrightContext) -> SecretToken? {
        guard let token = request.cookies[CookieName.parent].flatMap({ SecretToken(received: $0.value) }),
            let known = live.representative(loginHash: token.hash, now: context.now),
            known.account.accountNumber != number
        else { return nil }
        return token
    }

    /// Leaves with both accounts.
    @Sendable func logOut(_ request: Request, _ context: BrightContext) async throws -> Response {
        if let hash = request.parentLoginHash { try await accounts.logOut(hash) }
        if let other = request.cookies[ParentSwitch.cookie].flatMap({ SecretToken(received: $0.value) }) {
            try await accounts.logOut(other.hash)
        }
        var response = Response.seeOther("/parent/login")
        response.setCookie(
            Cookie(
                name: CookieName.parent, value: "", maxAge: 0, path: "/", secure: cookieSecure, httpOnly: true,
                sameSite: .strict))
        response.setCookie(ParentSwitch.waiting(nil, secure: cookieSecure))
        return response
    }

    private func renderLogin(
        _ context: BrightContext, number: String?, target: String?, adds: Bool, problem: Problem?
    ) throws -> Response {
        var response = try pages.render(
            "login", context,
            PageMeta(title: pages.text("login.title", context), lead: pages.text("login.lead", context)),
            model: LoginModel(
                fields: [
                    FormField(
                        "account", label: pages.text("login.number", context), value: number ?? "",
                        hint: pages.text("login.number_hint", context), maximum: 30, autocomplete: "username"),
                    FormField(
                        "password", label: pages.text("login.password", context), type: "password", maximum: 200,
                        autocomplete: "current-password"),
                ], returnPath: target, adds: adds, fault: problem?.detail[context.language]),
            status: problem?.status ?? .ok)
        if let wait = problem?.headers["Retry-After"] { response.headers[.retryAfter] = wait }
        return response
    }
}

extension BrightContext {
    /// A path parameter as a secret; 404 when it cannot be one, so that nothing else reaches the database.
    func secretToken(_ name: String) throws -> SecretToken {
        guard let token = SecretToken(received: parameters.get(name) ?? "") else { throw Problem.notFound }
        return token
    }
}

extension Response {
    /// Sets the representative's session, and takes a staff session out of this browser: one person at a time.
    func signedIn(_ token: SecretToken, secure: Bool) -> Response {
        var response = self
        response.setCookie(
            Cookie(
                name: CookieName.parent, value: token.text, maxAge: Int(ParentLogin.absoluteLimit.components.seconds),
                path: "/", secure: secure, httpOnly: true, sameSite: .strict))
        for name in [CookieName.token, CookieName.sessionHint] {
            response.setCookie(
                Cookie(name: name, value: "", maxAge: 0, path: "/", secure: secure, httpOnly: true, sameSite: .strict))
        }
        return response
    }
}
