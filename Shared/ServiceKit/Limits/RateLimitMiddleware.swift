import HTTPTypes
import Hummingbird

/// Limits what comes through the gateway, per signed-in account and per address. Says so in every answer (`RateLimit`,
/// `RateLimit-Policy`: draft-ietf-httpapi-ratelimit-headers) and with 429 and `Retry-After` when it is too much.
struct RateLimitMiddleware: RouterMiddleware {
    typealias Context = BrightContext

    let accounts: RequestLimiter
    let addresses: RequestLimiter

    init(account: RequestRate, address: RequestRate) {
        accounts = RequestLimiter(account)
        addresses = RequestLimiter(address)
    }

    func handle(
        _ request: Request, context: BrightContext, next: (Request, BrightContext) async throws -> Response
    ) async throws -> Response {
        // The gateway asks under `/internal/` once for every video segment, for a viewer whose own request it limits: a
        // school or a carrier behind one address would lose its pictures.
        guard let address = request.forwardedAddress, !request.uri.path.hasPrefix("/internal/") else {
            return try await next(request, context)
        }
        var limits = [(name: "address", limiter: addresses, verdict: addresses.take(address))]
        if let person = context.principal?.personId.rawValue {
            limits.append(("account", accounts, accounts.take(person)))
        }
        if let refused = limits.first(where: { !$0.verdict.isAllowed }) {
            let seconds = Self.seconds(refused.verdict.wait)
            var problem = Problem.tooManyRequests(
                retryAfter: seconds, zh: "请求过于频繁，请在 \(seconds) 秒后再试。",
                en: "Too many requests. Please try again in \(seconds) s.")
            problem.headers.merge(Self.headers([refused])) { $1 }
            throw problem
        }
        var response = try await next(request, context)
        for (name, value) in Self.headers(limits) { response.headers[.named(name)] = value }
        return response
    }

    private typealias Limit = (name: String, limiter: RequestLimiter, verdict: RequestLimiter.Verdict)

    private static func headers(_ limits: [Limit]) -> [String: String] {
        [
            "RateLimit-Policy": limits.map { limit in
                let rate = limit.limiter.rate
                return "\"\(limit.name)\";q=\(rate.burst);w=\(max(1, rate.burst / rate.perSecond))"
            }.joined(separator: ", "),
            "RateLimit": limits.map { limit in
                "\"\(limit.name)\";r=\(limit.verdict.remaining);t=\(seconds(limit.verdict.wait))"
            }.joined(separator: ", "),
        ]
    }

    /// Rounded up: whoever waits that long gets in.
    private static func seconds(_ duration: Duration) -> Int {
        let (whole, rest) = duration.components
        return max(1, Int(whole) + (rest > 0 ? 1 : 0))
    }
}
