import Access
import HTTPTypes
import Hummingbird

/// Recognises the person: `Authorization: Bearer`, else the cookie `bk_token`, else the service's own session (parents).
/// Never refuses by itself: the route's rule does, which knows whether anybody has to be signed in.
struct AuthenticationMiddleware: RouterMiddleware {
    typealias Context = BrightContext
    let verifier: TokenVerifier
    let sessions: (any SessionAuthenticator)?
    let cookieSecure: Bool

    func handle(
        _ request: Request, context: BrightContext, next: (Request, BrightContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let authorization = request.headers[.authorization] {
            context.credential = .bearer
            if let token = Self.bearer(authorization) {
                await recognise(token, &context)
            } else {
                context.tokenFailure = .malformed
            }
        } else {
            if let token = request.cookies[CookieName.token]?.value {
                context.credential = .cookie
                await recognise(token, &context)
            }
            if context.principal == nil, let sessions,
                let principal = try await sessions.authenticate(request, context)
            {
                context.credential = .cookie
                context.principal = principal
                context.tokenFailure = nil
            }
        }
        if let principal = context.principal {
            context.logger[metadataKey: "person_id"] = "\(principal.personId)"
        }
        return try await withCSRFToken(request, context, next)
    }

    private func recognise(_ token: String, _ context: inout BrightContext) async {
        do {
            context.principal = try await verifier.verify(token)
        } catch let error as TokenError {
            context.tokenFailure = error
        } catch {
            context.tokenFailure = .keysUnavailable
        }
    }

    /// Hands out the double-submit token with the first page.
    private func withCSRFToken(
        _ request: Request, _ context: BrightContext, _ next: (Request, BrightContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let known = request.cookies[CookieName.csrf]?.value, known.utf8.count == 43 {
            context.csrf = CSRFToken(known)
            return try await next(request, context)
        }
        var response = try await next(request, context)
        if response.headers[.contentType]?.hasPrefix("text/html") == true {
            response.setCookie(
                Cookie(
                    name: CookieName.csrf, value: context.csrfToken, path: "/", secure: cookieSecure, httpOnly: true,
                    sameSite: .strict))
        }
        return response
    }

    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
