import HTTPTypes
import Hummingbird

/// Headers of every response. No inline script or style, no other host, no framing.
struct SecurityHeadersMiddleware: RouterMiddleware {
    typealias Context = BrightContext
    /// HSTS only where the gateway speaks TLS.
    let isProduction: Bool

    static let contentSecurityPolicy = [
        "default-src 'none'", "img-src 'self' data: blob:", "media-src 'self' blob:", "style-src 'self'",
        "script-src 'self'", "font-src 'self'", "form-action 'self'", "connect-src 'self'",
        "manifest-src 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")

    func handle(
        _ request: Request, context: BrightContext, next: (Request, BrightContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = Self.contentSecurityPolicy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.permissionsPolicy] = "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"
        response.headers[.crossOriginOpenerPolicy] = "same-origin"
        // A route may open what is meant to be embedded elsewhere (badges).
        if response.headers[.crossOriginResourcePolicy] == nil {
            response.headers[.crossOriginResourcePolicy] = "same-origin"
        }
        if isProduction { response.headers[.strictTransportSecurity] = "max-age=31536000; includeSubDomains" }
        // A page differs by language and by who is signed in: no shared cache may mix them up.
        if response.headers[.contentType]?.hasPrefix("text/html") == true {
            response.headers[.contentLanguage] = context.language.tag
            response.headers[.vary] = "Accept-Language, Cookie"
            if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        }
        return response
    }
}
