import Access
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Sign-in page, sessions, tokens for programs, public keys.
struct SignInRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let signIn: SignIn
    private let jwks: [UInt8]
    private let cookies: SessionCookies

    init(runtime: ServiceRuntime, signIn: SignIn, signer: TokenSigner) {
        self.runtime = runtime
        self.signIn = signIn
        jwks = signer.jwks()
        cookies = SessionCookies(isSecure: runtime.configuration.cookieSecure)
    }

    func declare(_ routes: Routes) {
        routes.get("/", .signedIn) { _, context in
            Response.seeOther(try context.requirePrincipal().role.landingPage)
        }
        routes.get("/login", .public, use: showLogin)
        routes.post("/login", .public, use: login)
        routes.post("/logout", .public, use: logout)
        routes.get("/session/renew", .public, use: renew)
        // Nothing is gained by making somebody else renew a session; the script that calls this cannot read the token.
        routes.post("/session/renew", .public, options: RouteOptions(requiresCSRF: false), use: renew)
        routes.post("/v1/tokens", .public, options: RouteOptions(bodyLimit: 8192), use: issueToken)
        routes.get("/jwks.json", .public) { [jwks] _, _ in
            Response.bytes(jwks, contentType: "application/jwk-set+json", cacheControl: "public, max-age=300")
        }
    }

    private struct LoginModel {
        let fields: [FormField]
        let returnPath: String
        let alert: String?
        let localHint: String?
    }

    @Sendable private func showLogin(_ request: Request, _ context: BrightContext) async throws -> Response {
        let back = try returnPath(request.query("return"))
        if let principal = context.principal, principal.role != .parentRepresentative {
            return .seeOther(back ?? principal.role.landingPage)
        }
        return try page(context, login: "", back: back, alert: nil, status: .ok)
    }

    private func page(
        _ context: BrightContext, login: String, back: String?, alert: String?, status: HTTPResponse.Status
    ) throws -> Response {
        let pages = runtime.pages
        let isLocal = runtime.configuration.mode == .local
        let model = LoginModel(
            fields: [
                FormField(
                    "login", label: pages.text("login.login", context), value: login, maximum: 32,
                    autocomplete: "username"),
                FormField(
                    "password", label: pages.text("login.password", context), type: "password",
                    autocomplete: "current-password"),
            ], returnPath: back ?? "", alert: alert,
            localHint: isLocal ? pages.text("login.local", context) : nil)
        return try pages.render(
            "login", context,
            PageMeta(title: pages.text("login.title", context), lead: pages.text("login.lead", context)),
            model: model, status: status)
    }

    @Sendable private func login(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let login = form.optional("login") ?? ""
        let back = try returnPath(form.optional("return"))
        // Passwords are not trimmed.
        let password = form.values.first { $0.name == "password" }?.value ?? ""
        let session = RandomToken.text()
        do {
            let signedIn = try await signIn.signIn(
                login: login, password: password, address: request.clientAddress, session: session, now: context.now,
                context: context)
            var response = Response.seeOther(back ?? signedIn.principal.role.landingPage)
            cookies.setToken(signedIn.accessToken, on: &response)
            cookies.setSession(session, on: &response)
            return response
        } catch let refusal as SignIn.Refusal {
            let problem = Self.problem(refusal)
            var response = try page(
                context, login: login, back: back, alert: problem.detail[context.language], status: problem.status)
            for (name, value) in problem.headers { response.headers[.named(name)] = value }
            return response
        }
    }

    @Sendable private func logout(_ request: Request, _ context: BrightContext) async throws -> Response {
        if let session = request.cookies[CookieName.session]?.value {
            try await signIn.signOut(session: session, now: context.now, context: context)
        }
        var response = Response.seeOther("/registry/login")
        cookies.clear(&response)
        return response
    }

    /// Browsers are sent back to where they came from; scripts get 204 or 401.
    @Sendable private func renew(_ request: Request, _ context: BrightContext) async throws -> Response {
        let back = try returnPath(request.query("return"))
        let session = request.cookies[CookieName.session]?.value
        var signedIn: SignIn.SignedIn?
        if let session { signedIn = try await signIn.renew(session: session, now: context.now) }
        guard let signedIn else {
            var response =
                context.wantsPage
                ? Response.seeOther(
                    "/registry/login" + (back.map { "?return=" + PercentEncoding.queryValue($0) } ?? ""))
                : Response(status: .unauthorized, headers: [.cacheControl: "no-store"])
            cookies.clear(&response)
            return response
        }
        var response =
            context.wantsPage ? Response.seeOther(back ?? signedIn.principal.role.landingPage) : Response.noContent()
        cookies.setToken(signedIn.accessToken, on: &response)
        return response
    }

    private struct Credentials: Decodable {
        let login: String
        let password: String
    }

    private struct IssuedToken: Encodable {
        let token: String
        let tokenType = "Bearer"
        let expiresIn = Int(TokenParameters.lifetime.components.seconds)
        let personId: PersonID
        let role: Role
    }

    @Sendable private func issueToken(_ request: Request, _ context: BrightContext) async throws -> Response {
        let credentials = try await request.json(Credentials.self, context)
        do {
            let signedIn = try await signIn.signIn(
                login: credentials.login, password: credentials.password, address: request.clientAddress, session: nil,
                now: context.now, context: context)
            return try .json(
                IssuedToken(
                    token: signedIn.accessToken, personId: signedIn.principal.personId, role: signedIn.principal.role))
        } catch let refusal as SignIn.Refusal {
            throw Self.problem(refusal)
        }
    }

    private func returnPath(_ text: String?) throws -> String? {
        guard let text, WellFormed.isLocalPath(text), !text.hasPrefix("/registry/login"),
            !text.hasPrefix("/registry/session")
        else { return nil }
        return text
    }

    private static func problem(_ refusal: SignIn.Refusal) -> Problem {
        switch refusal {
        case .wrongCredentials:
            Problem(
                .unauthorized, code: "wrong_credentials",
                detail: LocalizedText(zh: "登录名或密码不正确。", en: "Login or password is wrong."))
        case .blocked(let seconds):
            Problem(
                .tooManyRequests, code: "too_many_attempts",
                detail: LocalizedText(
                    zh: "尝试次数过多，请在 \((seconds + 59) / 60) 分钟后再试。",
                    en: "Too many attempts. Please try again in \((seconds + 59) / 60) minutes."),
                headers: ["Retry-After": String(seconds)])
        case .overloaded: .unavailable(code: "sign_in_busy", retryAfter: 5)
        }
    }
}
