import HTTPTypes
import Hummingbird

/// Declares a service's routes: method, path, who may call it, handler. Nothing can be registered without a rule.
///
/// Paths are relative to the service's prefix (`/registry`); `{name}` captures one segment, a final `**` the rest.
public final class Routes {
    private let router: Router<BrightContext>
    private let prefix: String
    private let table: RouteTable
    private let trail: AuditTrail

    init(router: Router<BrightContext>, prefix: String, table: RouteTable, trail: AuditTrail) {
        self.router = router
        self.prefix = prefix
        self.table = table
        self.trail = trail
    }

    /// Routes under another absolute prefix, e.g. `routes.at("/video")`.
    public func at(_ prefix: String) -> Routes {
        Routes(router: router, prefix: prefix == "/" ? "" : prefix, table: table, trail: trail)
    }

    /// Routes under a path below this one.
    public func group(_ path: String) -> Routes {
        Routes(router: router, prefix: prefix + path, table: table, trail: trail)
    }

    public func get(
        _ path: String, _ rule: AccessRule, options: RouteOptions = .standard,
        use handler: @escaping @Sendable (Request, BrightContext) async throws -> some ResponseGenerator
    ) {
        on(.get, path, rule, options: options, use: handler)
    }

    public func post(
        _ path: String, _ rule: AccessRule, options: RouteOptions = .standard,
        use handler: @escaping @Sendable (Request, BrightContext) async throws -> some ResponseGenerator
    ) {
        on(.post, path, rule, options: options, use: handler)
    }

    public func put(
        _ path: String, _ rule: AccessRule, options: RouteOptions = .standard,
        use handler: @escaping @Sendable (Request, BrightContext) async throws -> some ResponseGenerator
    ) {
        on(.put, path, rule, options: options, use: handler)
    }

    public func delete(
        _ path: String, _ rule: AccessRule, options: RouteOptions = .standard,
        use handler: @escaping @Sendable (Request, BrightContext) async throws -> some ResponseGenerator
    ) {
        on(.delete, path, rule, options: options, use: handler)
    }

    public func on(
        _ method: HTTPRequest.Method, _ path: String, _ rule: AccessRule, options: RouteOptions = .standard,
        use handler: @escaping @Sendable (Request, BrightContext) async throws -> some ResponseGenerator
    ) {
        let full = (prefix + (path == "/" ? "" : path))
        let declared = DeclaredRoute(method: method, path: full.isEmpty ? "/" : full, rule: rule)
        precondition(
            rule != .internal || declared.path.hasPrefix("/internal/"), "\(declared.path) must lie under /internal/")
        table.add(declared)
        let gate = RequestGate(rule: rule, options: options)
        let trail = trail
        router.on(RouterPath(declared.path), method: method) { request, context -> Response in
            var context = context
            context.bodyLimit = options.bodyLimit
            guard let record = try await trail.begin(declared, options, request, context) else {
                let admitted = try await gate.admit(request, &context)
                return try await handler(admitted, context).response(from: admitted, context: context)
            }
            let response: Response
            do {
                let admitted = try await gate.admit(request, &context)
                response = try await handler(admitted, context).response(from: admitted, context: context)
            } catch {
                try await trail.finish(record, status: ProblemMapping.status(of: error), context)
                throw error
            }
            try await trail.finish(record, status: response.status, context)
            return response
        }
    }
}
