import Hummingbird
import Journal

/// Routes that every service has. Health, metrics and the log are not forwarded by the gateway.
struct CommonRoutes {
    let runtime: ServiceRuntime
    let health: Health

    func declare(_ routes: Routes) {
        let health = health
        let log = JournalLog(service: runtime.description.name, database: runtime.pool)
        let pages = runtime.pages
        let openAPI = OperationsDescription.adding(
            to: runtime.description.openAPI, prefix: runtime.description.pathPrefix)
        routes.get("/health/live", .public) { _, _ in Response.text("ok\n") }
        routes.get("/health/ready", .public) { _, _ in
            let report = await health.report()
            return try Response.json(report, status: report.ready ? .ok : .serviceUnavailable)
        }
        routes.get("/metrics", .public) { _, _ in
            Response.bytes(
                Array(PrometheusRegistry.shared.exposition().utf8),
                contentType: "text/plain; version=0.0.4; charset=utf-8")
        }
        routes.get("/openapi.yaml", .public) { _, _ in
            Response.bytes(Array(openAPI.utf8), contentType: "application/yaml; charset=utf-8")
        }
        routes.get("\(runtime.description.pathPrefix)/assets/{name}", .public) { request, context in
            try pages.asset(context.parameters.get("name") ?? "", request)
        }
        routes.get("/log/checkpoint", .public) { _, _ in
            guard let checkpoint = try await log.checkpoint() else { throw Problem.notFound }
            return Response.bytes(Array(checkpoint.utf8), contentType: "text/plain; charset=utf-8")
        }
        routes.get("/log/tile/entries/**", .action(.readAudit)) { _, context in
            try await Self.tile("tile/entries", log, context)
        }
        routes.get("/log/tile/**", .public) { _, context in try await Self.tile("tile", log, context) }
    }

    /// Hash tiles tell nothing but hashes; entry bundles hold log-only entries and are for auditors.
    private static func tile(_ root: String, _ log: JournalLog, _ context: BrightContext) async throws -> Response {
        let path = "\(root)/\(context.parameters.getCatchAll().joined(separator: "/"))"
        if root == "tile", path.hasPrefix("tile/entries") { throw Problem.notFound }
        guard let tile = try await log.tile(path: path) else { throw Problem.notFound }
        return Response.bytes(
            tile, contentType: "application/octet-stream",
            cacheControl: root == "tile" ? "public, max-age=31536000, immutable" : "no-store")
    }
}
