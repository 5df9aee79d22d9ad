import Access
import Hummingbird

/// Builds a service's router: middleware outermost first, the common routes, then the service's own.
public struct ServiceRouter: Sendable {
    public let responder: RouterResponder<BrightContext>
    public let table: RouteTable

    /// The same function serves production and tests.
    /// - Parameter lags: of the service's consumer by topic, for the operator's page.
    public init(
        _ service: some BrightService, runtime: ServiceRuntime, health: Health,
        lags: @escaping @Sendable () -> [String: Int64] = { [:] }
    ) {
        let router = Router(context: BrightContext.self, options: [.autoGenerateHeadEndpoints])
        let table = RouteTable()
        let isProduction = runtime.configuration.mode == .production
        router.add(middleware: TraceMiddleware(clock: runtime.clock))
        router.add(middleware: RequestMetricsMiddleware(service: runtime.description.name))
        router.add(middleware: SecurityHeadersMiddleware(isProduction: isProduction))
        router.add(middleware: ProblemMiddleware(pages: runtime.pages, table: table))
        router.add(middleware: LimitsMiddleware())
        router.add(
            middleware: AuthenticationMiddleware(
                verifier: runtime.tokens, sessions: service.sessionAuthenticator,
                cookieSecure: runtime.configuration.cookieSecure))
        router.add(
            middleware: RateLimitMiddleware(
                account: runtime.configuration.accountRate, address: runtime.configuration.addressRate))
        let trail = AuditTrail(pool: runtime.pool, keys: runtime.personalDataKeys)
        let root = Routes(router: router, prefix: "", table: table, trail: trail)
        CommonRoutes(runtime: runtime, health: health).declare(root)
        OperationsRoutes(runtime: runtime, health: health, subscriptions: service.subscriptions, lags: lags)
            .declare(root.at(runtime.description.pathPrefix))
        AuditRoutes(runtime: runtime, trail: trail).declare(root.at(runtime.description.pathPrefix))
        service.routes(root.at(runtime.description.pathPrefix))
        responder = router.buildResponder()
        self.table = table
    }
}
