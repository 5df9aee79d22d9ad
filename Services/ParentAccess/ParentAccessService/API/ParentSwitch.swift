import Hummingbird
import ServiceKit

/// Two children in two schools: two accounts in one browser, each entered by its own password, one in use at a time.
struct ParentSwitch: Sendable {
    /// The session that is not in use now.
    static let cookie = "bk_parent_other"

    let live: LiveState
    let refresher: LiveRefresher
    let cookieSecure: Bool

    func declare(_ routes: Routes) {
        routes.post("/switch", .representative, use: exchange)
    }

    /// The name of the school whose account waits in this browser; nil: none, or its session is over.
    static func otherSchool(_ request: Request, _ context: BrightContext, _ live: LiveState) -> String? {
        guard let other = request.cookies[cookie].flatMap({ SecretToken(received: $0.value) }),
            let known = live.representative(loginHash: other.hash, now: context.now)
        else { return nil }
        return live.canteens(of: known.account.schoolId).first?.schoolName ?? known.account.accountNumber
    }

    /// Exchanges the two sessions. Where the other one is over, its account is entered again.
    @Sendable private func exchange(_ request: Request, _ context: BrightContext) async throws -> Response {
        _ = try await request.form(context)
        guard let current = request.cookies[CookieName.parent].flatMap({ SecretToken(received: $0.value) }),
            let other = request.cookies[Self.cookie].flatMap({ SecretToken(received: $0.value) })
        else { return Response.seeOther("/parent/login?add=yes") }
        if !live.knows(loginHash: other.hash) { try await refresher.refresh() }
        guard live.representative(loginHash: other.hash, now: context.now) != nil else {
            return Response.seeOther("/parent/login?add=yes")
        }
        var response = Response.seeOther("/parent/").signedIn(other, secure: cookieSecure)
        response.setCookie(Self.waiting(current, secure: cookieSecure))
        return response
    }

    static func waiting(_ token: SecretToken?, secure: Bool) -> Cookie {
        Cookie(
            name: cookie, value: token?.text ?? "",
            maxAge: token == nil ? 0 : Int(ParentLogin.absoluteLimit.components.seconds), path: "/parent",
            secure: secure, httpOnly: true, sameSite: .strict)
    }
}
