import Access
import HTTPTypes
import Hummingbird
import ServiceKit

/// The cookies of a signed-in browser.
struct SessionCookies: Sendable {
    /// An unfinished sign-in, `Path=/registry/login`.
    static let pending = "bk_pending"

    let isSecure: Bool

    /// The access token, for as long as it is valid.
    func setToken(_ token: String, on response: inout Response) {
        set(CookieName.token, token, path: "/", seconds: Int(TokenParameters.lifetime.components.seconds), &response)
    }

    /// The session that renews it. Its path covers signing out, and nothing outside the registry.
    func setSession(_ token: String, on response: inout Response) {
        let seconds = Int(SessionPolicy.absolute.components.seconds)
        set(CookieName.session, token, path: "/registry", seconds: seconds, &response)
        set(CookieName.sessionHint, "1", path: "/", seconds: seconds, &response)
    }

    func setPending(_ token: String, on response: inout Response) {
        let seconds = Int(PendingSignInStore.lifetime.components.seconds)
        set(Self.pending, token, path: "/registry/login", seconds: seconds, &response)
    }

    /// To where the person wanted, signed in.
    func enter(_ signedIn: SignedIn) -> Response {
        var response = Response.seeOther(signedIn.returnPath ?? signedIn.principal.role.landingPage)
        setToken(signedIn.accessToken, on: &response)
        if let session = signedIn.session { setSession(session, on: &response) }
        set(Self.pending, "", path: "/registry/login", seconds: 0, &response)
        return response
    }

    /// The answer to a step of the sign-in: the next step's page, or in.
    func answer(_ outcome: SignInOutcome) -> Response {
        switch outcome {
        case .signedIn(let signedIn): return enter(signedIn)
        case .unfinished(let token, let next):
            var response = Response.seeOther(next.path)
            setPending(token, on: &response)
            return response
        }
    }

    func clear(_ response: inout Response) {
        set(CookieName.token, "", path: "/", seconds: 0, &response)
        set(CookieName.session, "", path: "/registry", seconds: 0, &response)
        set(CookieName.sessionHint, "", path: "/", seconds: 0, &response)
    }

    private func set(_ name: String, _ value: String, path: String, seconds: Int, _ response: inout Response) {
        response.setCookie(
            Cookie(
                name: name, value: value, maxAge: seconds, path: path, secure: isSecure, httpOnly: true,
                sameSite: .strict))
    }
}
