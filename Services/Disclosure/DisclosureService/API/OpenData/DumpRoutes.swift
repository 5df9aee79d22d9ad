import Hummingbird
import ServiceKit

/// Nightly dumps of the open data.
struct DumpRoutes: Sendable {
    private struct List: Encodable {
        let items: [Dumper.Manifest]
        let total: Int
    }

    let dumper: Dumper

    func declare(_ routes: Routes) {
        routes.get("/v1/dumps", .public) { request, _ in
            _ = try OpenDataQuery(request, known: [])
            let manifests = try await dumper.manifests()
            return try OpenDataAnswer.json(List(items: manifests, total: manifests.count), request)
        }
        routes.get("/v1/dumps/{name}/{file}", .public) { request, context in
            _ = try OpenDataQuery(request, known: [])
            let name = context.parameters.get("name") ?? ""
            let file = context.parameters.get("file") ?? ""
            guard let bytes = try await dumper.bytes(of: file, in: name) else { throw Problem.notFound }
            let type = file.hasSuffix(".jsonl") ? "application/jsonl; charset=utf-8" : "text/plain; charset=utf-8"
            return OpenDataAnswer.bytes(bytes, type, request)
        }
    }
}
