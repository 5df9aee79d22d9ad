import Access
import HTTPTypes
import Hummingbird
import ServiceKit

/// The cookies of a signed-in browser.
struct SessionCookies: Sendable {
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
