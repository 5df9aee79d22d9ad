import Access
import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import Journal
import Postgres
import ServiceKit

/// Single sign-on with the city's OpenID Connect provider. A subject that no account is linked to gets no rights and no
/// account: it is told to ask.
struct FederationRoutes: Sendable {
    /// Binds the answer to the browser that asked. `SameSite=Lax`, because the provider sends the browser back from
    /// another site; it is worth nothing without the state.
    private static let browserCookie = "bk_sso"
    private static let lifetime = 600

    let runtime: ServiceRuntime
    let signIn: SignIn
    let federation: Federation

    func declare(_ routes: Routes) {
        routes.get("/login/sso", .public, use: begin)
        routes.get("/login/sso/callback", .public, use: callback)
        routes.post("/account/sso", .signedIn, use: link)
        // The provider calls this: no cookie of ours, its own signature instead.
        routes.post(
            "/login/sso/backchannel-logout", .public, options: RouteOptions(bodyLimit: 32_768, requiresCSRF: false),
            use: backChannelLogout)
    }

    private var isSecure: Bool { runtime.configuration.cookieSecure }

    @Sendable private func begin(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await authorize(returnPath: ReturnPath.checked(try request.query("return")), link: nil, context)
    }

    /// The owner of an account, signed in, links it.
    @Sendable private func link(_ request: Request, _ context: BrightContext) async throws -> Response {
        try await authorize(returnPath: "/registry/account", link: try context.requirePrincipal().personId, context)
    }

    private func authorize(returnPath: String?, link: PersonID?, _ context: BrightContext) async throws -> Response {
        let state = RandomToken.text()
        let browser = RandomToken.text()
        let request = FederatedStore.Request(
            nonce: RandomToken.text(), codeVerifier: RandomToken.text(bytes: 48), returnPath: returnPath,
            linkPerson: link)
        let address: String
        do {
            address = try await federation.authorizationAddress(
                state: state, nonce: request.nonce, codeVerifier: request.codeVerifier)
        } catch let error as FederationError {
            throw unavailable(error, context)
        }
        try await FederatedStore.begin(
            state: state, browser: browser, request, until: context.now + .seconds(Self.lifetime), runtime.pool)
        // A form may not lead to another site (CSP form-action); a link may.
        var response =
            link == nil
            ? Response(status: .seeOther, headers: [.location: address, .cacheControl: "no-store"])
            : OnwardPage.response(address)
        response.setCookie(
            Cookie(
                name: Self.browserCookie, value: browser, maxAge: Self.lifetime, path: "/registry/login/sso",
                secure: isSecure, httpOnly: true, sameSite: .lax))
        return response
    }

    @Sendable private func callback(_ request: Request, _ context: BrightContext) async throws -> Response {
        guard let state = try request.query("state"), let browser = request.cookies[Self.browserCookie]?.value,
            let waiting = try await FederatedStore.take(
                state: state, browser: browser, now: context.now, runtime.pool)
        else { throw SignInRefusal.startAgain.problem }
        guard let code = try request.query("code") else {
            throw Problem(
                .unauthorized, code: "sso_refused",
                detail: LocalizedText(zh: "统一身份认证没有完成登录。", en: "The city's sign-in was not completed."))
        }
        // RFC 9207: an answer that names another provider is a mix-up.
        if let issuer = try request.query("iss"), issuer != federation.settings.issuer {
            throw unavailable(.refusedToken("iss of the answer"), context)
        }
        let claims: IDTokenClaims
        let idToken: String
        do {
            (claims, idToken) = try await federation.redeem(
                code: code, codeVerifier: waiting.codeVerifier, nonce: waiting.nonce)
        } catch let error as FederationError {
            throw unavailable(error, context)
        }
        if let person = waiting.linkPerson {
            try await link(claims, to: person, context)
            return OnwardPage.response(waiting.returnPath ?? "/registry/account")
        }
        return try await enter(claims, idToken, waiting, request, context)
    }

    private func enter(
        _ claims: IDTokenClaims, _ idToken: String, _ waiting: FederatedStore.Request, _ request: Request,
        _ context: BrightContext
    ) async throws -> Response {
        guard
            let person = try await FederatedStore.person(
                issuer: claims.iss, subject: claims.sub, runtime.pool),
            let (principal, _) = try await signIn.principal(person, now: context.now)
        else {
            try await signIn.noteRefusal("sso-unlinked", nil, context.now, context)
            throw Problem(
                .forbidden, code: "sso_not_linked",
                detail: LocalizedText(
                    zh: "您的统一身份账号没有关联本平台的账号。请先用登录名登录，在“我的账号”中关联。",
                    en:
                        "Your city account is not linked to an account here. Sign in with your login first and link it under “My account”."
                ))
        }
        let cookies = SessionCookies(isSecure: isSecure)
        let session = FederatedSession(
            issuer: claims.iss, subject: claims.sub, providerSid: claims.sid, idToken: idToken)
        guard principal.role.needsSecondFactor, !federation.settings.providesSecondFactor, !claims.hadSecondFactor
        else {
            let signedIn = try await signIn.finish(
                person, nil, request.visit, returnPath: waiting.returnPath, method: "sso", federated: session,
                now: context.now, context)
            return Self.interstitial(cookies.enter(signedIn))
        }
        // The provider did not ask for a second factor: we do.
        let token = RandomToken.text()
        let isEnrolled = try await SecondFactorStore.isEnrolled(person, runtime.pool)
        try await signIn.pending.insert(
            token,
            PendingSignInStore.Pending(
                person: person, login: "sso:\(person)", hasSecondFactor: false, mustChange: false,
                enrolment: isEnrolled ? nil : OneTimePassword(), returnPath: waiting.returnPath,
                federated: session),
            now: context.now, runtime.pool)
        return Self.interstitial(cookies.answer(.unfinished(token: token, next: isEnrolled ? .code : .enrol)))
    }

    private func link(_ claims: IDTokenClaims, to person: PersonID, _ context: BrightContext) async throws {
        try await runtime.pool.transaction { transaction in
            guard
                try await FederatedStore.link(
                    issuer: claims.iss, subject: claims.sub, to: person, now: context.now, transaction)
            else {
                throw Problem.conflict(
                    code: "sso_linked_elsewhere", zh: "该统一身份账号已关联另一个账号。",
                    en: "This city account is linked to another account already.")
            }
            try await transaction.record(
                SignIn.type("sso-linked"), subject: person.rawValue, data: SignIn.Fact(role: nil, method: "sso"),
                context.eventContext(actor: .person(person)), occurredAt: context.now)
        }
    }

    /// Our cookies are `SameSite=Strict`: a redirect that began at the provider would not carry them. A page that
    /// continues by itself begins anew on our own site.
    private static func interstitial(_ entered: Response) -> Response {
        var response = entered
        let place = response.headers[.location] ?? "/"
        let landing = OnwardPage.response(place)
        response.status = landing.status
        response.headers[.location] = nil
        response.headers[.named("Refresh")] = landing.headers[.named("Refresh")]
        response.headers[.contentType] = landing.headers[.contentType]
        response.body = landing.body
        return response
    }

    @Sendable private func backChannelLogout(_ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let claims: LogoutTokenClaims
        do {
            claims = try await federation.logoutClaims(form.optional("logout_token") ?? "")
        } catch let error as FederationError {
            context.logger.warning("logout token refused", metadata: ["reason": "\(error)"])
            throw Problem(
                .badRequest, code: "invalid_logout_token",
                detail: LocalizedText(zh: "登出令牌无效。", en: "The logout token is not valid."))
        }
        let expiry = context.now + .seconds(86_400)
        try await runtime.pool.transaction { transaction in
            guard
                try await FederatedStore.isFirst(
                    issuer: claims.iss, jti: claims.jti, until: expiry, transaction)
            else {
                throw Problem(
                    .badRequest, code: "logout_token_replayed",
                    detail: LocalizedText(zh: "登出令牌已用过。", en: "This logout token was used before."))
            }
            let ended = try await FederatedStore.sessions(
                issuer: claims.iss, subject: claims.sub, providerSid: claims.sid, transaction)
            for session in ended {
                _ = try await SessionStore.end(
                    sid: session.sid, of: session.person, now: context.now, transaction)
                try await transaction.record(
                    SignIn.type("signed-out"), subject: session.person.rawValue,
                    data: SignIn.Fact(role: nil, method: "sso"),
                    context.eventContext(actor: .system("sso-logout")), occurredAt: context.now)
            }
        }
        try await signIn.announceRevocations()
        return Response(status: .ok, headers: [.cacheControl: "no-store"])
    }

    private func unavailable(_ error: FederationError, _ context: BrightContext) -> Problem {
        context.logger.warning("single sign-on failed", metadata: ["reason": "\(error)"])
        switch error {
        case .providerUnavailable: return .unavailable(code: "sso_unavailable", retryAfter: 10)
        case .refusedToken:
            return Problem(
                .unauthorized, code: "sso_refused",
                detail: LocalizedText(zh: "统一身份认证没有完成登录。", en: "The city's sign-in was not completed."))
        }
    }
}
