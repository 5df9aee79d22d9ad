import HTTPTypes
import Hummingbird
import Metrics

/// Counts requests and their time by route template, method and status class: labels with few values only.
struct RequestMetricsMiddleware: RouterMiddleware {
    typealias Context = BrightContext
    let service: String

    func handle(
        _ request: Request, context: BrightContext, next: (Request, BrightContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let inFlight = Meter(label: "http_requests_in_flight", dimensions: [("service", service)])
        inFlight.increment()
        defer { inFlight.decrement() }
        let response = try await next(request, context)
        let route = context.endpointPath ?? "unknown"
        let method = Self.knownMethods.contains(request.method) ? request.method.rawValue : "OTHER"
        Counter(
            label: "http_requests_total",
            dimensions: [("method", method), ("route", route), ("status", String(response.status.code))]
        ).increment()
        Timer(label: "http_request_duration_seconds", dimensions: [("method", method), ("route", route)])
            .recordNanoseconds((ContinuousClock.now - start).nanoseconds)
        return response
    }

    private static let knownMethods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete, .patch, .options]
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
