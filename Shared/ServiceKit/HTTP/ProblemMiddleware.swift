import HTTPTypes
import Hummingbird
import Logging

/// Turns whatever a handler throws into an answer: problem+json for programs, a page for browsers, the way to the login
/// for browsers that are not signed in.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = BrightContext
    let pages: Pages
    let table: RouteTable

    func handle(
        _ request: Request, context: BrightContext, next: (Request, BrightContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as SignInRequired {
            return try signIn(error, request, context)
        } catch {
            return try answer(error, request, context)
        }
    }

    private func answer(_ error: any Error, _ request: Request, _ context: BrightContext) throws -> Response {
        var problem: Problem
        if let known = ProblemMapping.problem(for: error) {
            problem = known
            if known.status.kind == .serverError {
                context.logger.warning("request failed", metadata: Self.metadata(error, request, known, context))
            }
        } else {
            problem = ProblemMapping.internalError
            context.logger.error("request failed", metadata: Self.metadata(error, request, problem, context))
        }
        if error is HTTPError, problem.status == .notFound { problem = noRoute(request) }
        return try render(problem, request, context)
    }

    /// The route, not the path: a path may hold an invitation or a ticket that is still good.
    private static func metadata(
        _ error: any Error, _ request: Request, _ problem: Problem, _ context: BrightContext
    ) -> Logger.Metadata {
        [
            "error": "\(String(reflecting: error))", "status": "\(problem.status.code)", "code": "\(problem.code)",
            "method": "\(request.method)", "route": "\(context.endpointPath ?? "unknown")",
        ]
    }

    /// No handler for method and path: 405 with `Allow` where the path exists, else 404.
    private func noRoute(_ request: Request) -> Problem {
        let methods = table.methods(at: request.uri.path)
        guard !methods.isEmpty, !methods.contains(request.method.rawValue) else { return .notFound }
        return Problem(
            .methodNotAllowed, code: "method_not_allowed",
            detail: LocalizedText(zh: "此地址不支持这种请求方法。", en: "This address does not take this method."),
            headers: ["Allow": methods.joined(separator: ", ")])
    }

    private func signIn(_ error: SignInRequired, _ request: Request, _ context: BrightContext) throws -> Response {
        guard context.wantsPage, request.method == .get || request.method == .head else {
            return try render(.unauthorised, request, context)
        }
        let back = PercentEncoding.queryValue(context.requestPathAndQuery)
        switch error.login {
        case .parents:
            return .seeOther("/parent/login?return=\(back)")
        case .staff:
            let hasSession =
                request.cookies[CookieName.sessionHint] != nil || request.cookies[CookieName.session] != nil
            let place = hasSession ? "/registry/session/renew" : "/registry/login"
            return .seeOther("\(place)?return=\(back)")
        }
    }

    private func render(_ problem: Problem, _ request: Request, _ context: BrightContext) throws -> Response {
        var response =
            context.wantsPage ? try pages.problem(problem, context) : try ProblemDocument.response(problem, context)
        for (name, value) in problem.headers { response.headers[.named(name)] = value }
        return response
    }
}
