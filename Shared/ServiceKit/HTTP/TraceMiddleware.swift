import Calendar
import Concurrency
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// Outermost: gives the request its correlation id, its span, its time and its language.
struct TraceMiddleware: RouterMiddleware {
    typealias Context = BrightContext
    let clock: any WallClock

    func handle(
        _ request: Request, context: BrightContext, next: (Request, BrightContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let parent = TraceContext(request.headers[.traceparent])
        context.trace = parent?.child() ?? TraceContext.start()
        let given = request.headers[.correlationId]
        context.correlationId = given.flatMap { WellFormed.isIdentifier($0) ? $0 : nil } ?? context.trace.traceId
        context.logger[metadataKey: "correlation_id"] = "\(context.correlationId)"
        context.logger[metadataKey: "trace_id"] = "\(context.trace.traceId)"
        context.now = clock.now()
        context.language = Language(acceptLanguage: request.headers[.acceptLanguage])
        context.wantsPage = Self.wantsPage(request)
        context.requestPath = request.uri.path
        context.requestPathAndQuery = request.uri.query.map { "\(request.uri.path)?\($0)" } ?? request.uri.path
        let start = ContinuousClock.now
        var response = try await next(request, context)
        response.headers[.correlationId] = context.correlationId
        log(request, context, response, ContinuousClock.now - start)
        return response
    }

    /// One line a request, by route template: paths and queries may hold one-time tokens.
    private func log(_ request: Request, _ context: BrightContext, _ response: Response, _ duration: Duration) {
        let route = context.endpointPath ?? "unknown"
        let isRoutine = route.hasPrefix("/health") || route == "/metrics" || route.hasPrefix("/internal")
        context.logger.log(
            level: isRoutine ? .debug : .info, "request",
            metadata: [
                "method": "\(request.method)", "route": "\(route)", "status": "\(response.status.code)",
                "ms": "\(duration.microseconds / 1_000)",
            ])
    }

    /// Browsers name `text/html` first; programs name JSON or nothing.
    private static func wantsPage(_ request: Request) -> Bool {
        let accept = request.headers[.accept]?.lowercased() ?? ""
        guard let html = accept.range(of: "text/html") else { return false }
        guard let json = accept.range(of: "json") else { return true }
        return html.lowerBound < json.lowerBound
    }
}
