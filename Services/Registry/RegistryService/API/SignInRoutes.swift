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
    /// Single sign-on, where the city has it.
    private let federation: Federation?

    init(runtime: ServiceRuntime, signIn: SignIn, signer: TokenSigner, federation: Federation?) {
        self.runtime = runtime
        self.signIn = signIn
        self.federation = federation
        jwks = signer.jwks()
        cookies = SessionCookies(isSecure: runtime.configuration.cookieSecure)
    }

    func declare(_ routes: Routes) {
        routes.get("/", .signedIn) { _, context in
            Response.seeOther(try context.requirePrincipal().role.landingPage)
        }
        routes.get("/login", .public, use: showLogin)
        routes.post("/login", .public, options: RouteOptions(bodyLimit: 16_384), use: login)
        routes.post("/logout", .public, use: logout)
        routes.get("/session/renew", .public, use: renew)
        // Nothing is gained by making somebody else renew a session; the script that calls this cannot read the token.
        routes.post("/session/renew", .public, options: RouteOptions(requiresCSRF: false), use: renew)
        routes.post("/v1/tokens", .public, options: RouteOptions(bodyLimit: 8192), use: issueToken)
        routes.get("/jwks.json", .public) { [jwks] _, _ in
            Response.bytes(jwks, contentType: "application/jwk-set+json", cacheControl: "public, max-age=300")
        }
        routes.at("/internal").get("/revocations", .internal) { [pool = runtime.pool] _, _ in
            Response.bytes(try await RevocationStore.current(pool).json(), contentType: "application/json")
        }
    }

    private struct LoginModel {
        let fields: [FormField]
        let returnPath: String
        let alert: String?
        let localHint: String?
        let ssoPath: String?
    }

    @Sendable private func showLogin(_ request: Request, _ context: BrightContext) async throws -> Response {
        let back = ReturnPath.checked(try request.query("return"))
        if let principal = context.principal, principal.role != .parentRepresentative {
            return .seeOther(back ?? principal.role.landingPage)
        }
        let isLate = try request.query("again") != nil
        return try page(
            context, login: "", back: back,
            alert: isLate ? SignInRefusal.startAgain.problem.detail[context.language] : nil, status: .ok)
    }

    private func page(
        _ context: BrightContext, login: String, back: String?, alert: String?, status: HTTPResponse.Status
    ) throws -> Response {
        let pages = runtime.pages
        let isLocal = runtime.configuration.mode == .local
        let sso = federation.map { _ in
            "/registry/login/sso" + (back.map { "?return=" + PercentEncoding.queryValue($0) } ?? "")
        }
        let model = LoginModel(
            fields: [
                FormField(
                    "login", label: pages.text("login.login", context), value: login, maximum: 32,
                    autocomplete: "username"),
                FormField(
                    "password", label: pages.text("login.password", context), type: "password",
                    autocomplete: "current-password"),
            ], returnPath: back ?? "", alert: alert,
            localHint: isLocal ? pages.text("login.local", context) : nil, ssoPath: sso)
        return try pages.render(
            "login", context,
            PageMeta(
                title: pages.text("login.title", context), lead: pages.text("login.lead", context),
                scripts: ["passkey.js"]),
            model: model, status: status)
    }

    @Sendable private func login(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let login = form.optional("login") ?? ""
        let back = ReturnPath.checked(form.optional("return"))
        // Passwords are not trimmed.
        let password = form.values.first { $0.name == "password" }?.value ?? ""
        do {
            return cookies.answer(
                try await signIn.begin(
                    login: login, password: password, returnPath: back, request.visit, now: context.now, context))
        } catch let refusal as SignInRefusal {
            let problem = refusal.problem
            var response = try page(
                context, login: login, back: back, alert: problem.detail[context.language], status: problem.status)
            for (name, value) in problem.headers { response.headers[.named(name)] = value }
            return response
        }
    }

    /// Ends our session; whoever came from the city's provider is sent there to end that one, too.
    @Sendable private func logout(_ request: Request, _ context: BrightContext) async throws -> Response {
        var response = Response.seeOther("/registry/login")
        if let session = request.cookies[CookieName.session]?.value {
            let idToken = try await FederatedStore.idToken(of: session, signIn.keys, runtime.pool)
            try await signIn.signOut(session: session, now: context.now, context: context)
            if let idToken, let federation, let place = await federation.logoutAddress(idToken: idToken) {
                response = OnwardPage.response(place)
            }
        }
        cookies.clear(&response)
        return response
    }

    /// Browsers are sent back to where they came from; scripts get 204 or 401.
    @Sendable private func renew(_ request: Request, _ context: BrightContext) async throws -> Response {
        let back = ReturnPath.checked(try request.query("return"))
        let session = request.cookies[CookieName.session]?.value
        var signedIn: SignedIn?
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
        let code: String?
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
            let signedIn = try await signIn.token(
                login: credentials.login, password: credentials.password, code: credentials.code, request.visit,
                now: context.now, context)
            return try .json(
                IssuedToken(
                    token: signedIn.accessToken, personId: signedIn.principal.personId, role: signedIn.principal.role))
        } catch let refusal as SignInRefusal {
            throw refusal.problem
        }
    }
}
