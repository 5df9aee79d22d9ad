import HTTPTypes
import Hummingbird

/// Refuses what no honest client sends before anything is read: the HTTP parser's own limits come earlier still.
struct LimitsMiddleware: RouterMiddleware {
    typealias Context = BrightContext
    /// No route of any service takes more: 32 MiB.
    static let largestBody = 33_554_432
    static let longestTarget = 8192

    func handle(
        _ request: Request, context: BrightContext, next: (Request, BrightContext) async throws -> Response
    ) async throws -> Response {
        guard (request.head.path ?? "").utf8.count <= Self.longestTarget else {
            throw Problem(
                .uriTooLong, code: "uri_too_long",
                detail: LocalizedText(zh: "地址过长。", en: "The address is too long."))
        }
        if let length = request.headers[.contentLength] {
            guard let bytes = Int(length), bytes >= 0 else {
                throw Problem(
                    .badRequest, code: "malformed_request",
                    detail: LocalizedText(zh: "请求格式不正确。", en: "The request is malformed."))
            }
            guard bytes <= Self.largestBody else { throw ProblemMapping.tooLarge }
        }
        return try await next(request, context)
    }
}
