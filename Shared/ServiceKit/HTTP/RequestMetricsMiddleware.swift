import HTTPTypes
import Hummingbird
import Metrics
import Synchronization

/// Counts requests and their time by route template, method and status class: labels with few values only.
final class RequestMetricsMiddleware: RouterMiddleware {
    typealias Context = BrightContext

    private struct Labels: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Series {
        let counter: Counter
        let timer: Timer
    }

    private let inFlight: Meter
    /// Known ones, so that a request does not build names and labels anew. Routes and statuses are few.
    private let series = Mutex<[Labels: Series]>([:])

    init(service: String) {
        inFlight = Meter(label: "http_requests_in_flight", dimensions: [("service", service)])
    }

    func handle(
        _ request: Request, context: BrightContext, next: (Request, BrightContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        inFlight.increment()
        defer { inFlight.decrement() }
        let response = try await next(request, context)
        let known = series(
            Labels(
                method: Self.knownMethods.contains(request.method) ? request.method.rawValue : "OTHER",
                route: context.endpointPath ?? "unknown", status: response.status.code))
        known.counter.increment()
        known.timer.recordNanoseconds((ContinuousClock.now - start).nanoseconds)
        return response
    }

    private func series(_ labels: Labels) -> Series {
        series.withLock { series in
            if let known = series[labels] { return known }
            let new = Series(
                counter: Counter(
                    label: "http_requests_total",
                    dimensions: [
                        ("method", labels.method), ("route", labels.route), ("status", String(labels.status)),
                    ]),
                timer: Timer(
                    label: "http_request_duration_seconds",
                    dimensions: [("method", labels.method), ("route", labels.route)]))
            series[labels] = new
            return new
        }
    }

    private static let knownMethods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete, .patch, .options]
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
