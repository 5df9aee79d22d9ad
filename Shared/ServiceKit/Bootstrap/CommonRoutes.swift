import Hummingbird

/// Routes that every service has. Health, metrics and the log are not forwarded by the gateway.
struct CommonRoutes {
    let runtime: ServiceRuntime
    let health: Health
    let log: (any TransparencyLog)?

    func declare(_ routes: Routes) {
        let health = health
        let log = log
        let pages = runtime.pages
        let openAPI = runtime.description.openAPI
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
        guard let log else { return }
        routes.get("/log/checkpoint", .public) { _, _ in
            guard let checkpoint = try await log.checkpoint() else { throw Problem.notFound }
            return Response.bytes(Array(checkpoint.utf8), contentType: "text/plain; charset=utf-8")
        }
        routes.get("/log/tile/**", .public) { _, context in
            let path = context.parameters.getCatchAll().joined(separator: "/")
            guard let tile = try await log.tile("tile/\(path)") else { throw Problem.notFound }
            return Response.bytes(
                tile, contentType: "application/octet-stream", cacheControl: "public, max-age=31536000, immutable")
        }
    }
}
