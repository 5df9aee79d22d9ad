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
        routes.get("/log/checkpoint", .public) { _, _ in
            guard let checkpoint = try await log.checkpoint() else { throw Problem.notFound }
            return Response.bytes(Array(checkpoint.utf8), contentType: "text/plain; charset=utf-8")
        }
        // What a witness needs beside the checkpoint; tiles give the same to those who compute it themselves.
        routes.get("/log/consistency", .public) { request, _ in try await Self.consistency(request, log) }
        routes.get("/log/tile/entries/**", .action(.readAudit)) { _, context in
            try await Self.tile("tile/entries", log, context)
        }
        routes.get("/log/tile/**", .public) { _, context in try await Self.tile("tile", log, context) }
    }

    private struct Consistency: Encodable {
        let from: UInt64
        let to: UInt64
        let fromRoot: String
        let toRoot: String
        let proof: [String]
    }

    /// RFC 6962 §2.1.2 between two sizes within the latest checkpoint; hashes in lower-case hex.
    private static func consistency(_ request: Request, _ log: JournalLog) async throws -> Response {
        let vouched = try await log.checkpointSize()
        func size(_ name: String) throws -> UInt64 {
            guard let text = try request.query(name), let value = UInt64(text), value <= vouched else {
                throw Problem.invalid(
                    name, code: "size_out_of_range", zh: "请填写 0 到 \(vouched) 之间的日志大小。",
                    en: "Please give a tree size from 0 to \(vouched).", allowed: "0…\(vouched)")
            }
            return value
        }
        let (from, to) = (try size("from"), try size("to"))
        guard from <= to else {
            throw Problem.invalid(
                "from", code: "size_out_of_range", zh: "from 不得大于 to。", en: "from must not be larger than to.",
                allowed: "0…\(to)")
        }
        let found = try await log.consistencyProof(from: from, to: to)
        return try Response.json(
            Consistency(
                from: from, to: to, fromRoot: found.oldRoot.hex, toRoot: found.newRoot.hex,
                proof: found.hashes.map(\.hex)))
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
