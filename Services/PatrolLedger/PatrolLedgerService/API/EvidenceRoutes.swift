import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// Evidence: taking it, and giving it out only through an authorised and recorded look.
struct EvidenceRoutes: Sendable {
    let desk: PatrolDesk
    let commands: CommandRunner

    private struct CaptureBody: Codable, Sendable {
        var cameraId: CameraID
        var kind: EvidenceKind
    }

    func declareAPI(_ routes: Routes) {
        routes.post("/patrols/{patrol}/evidence", .action(.runPatrol)) { request, context in
            let id: PatrolID = try context.id("patrol")
            let body = try await request.json(CaptureBody.self, context)
            let caller = try context.caller()
            let evidence = try await answering {
                try await desk.takeEvidence(body.kind, camera: body.cameraId, patrol: id, by: caller)
            }
            return try await commands.run(
                context, key: request.idempotencyKey(), content: try BrightJSON.encode(body)
            ) { desk, caller in
                try await desk.record(evidence, patrol: id, by: caller)
                return try Response.json(EvidenceView(evidence), status: .created)
            }
        }
        let upload = RouteOptions(bodyLimit: PhotographIntake.largestBytes + 65_536)
        routes.post("/problems/{problem}/photographs", .action(.submitRectification), options: upload) {
            request, context in
            let id: ProblemID = try context.id("problem")
            let form = try await request.form(context)
            let key = request.idempotencyKey(form)
            guard let file = form.files("photos").first else {
                throw Problem.invalid("photos", code: "missing", zh: "请选择照片。", en: "Please choose a photograph.")
            }
            // What the sender says it sent; a picture that was damaged on the way is not sealed.
            if let stated = form.optional("sha256"), stated.lowercased() != EvidenceVault.hexDigest(file.bytes) {
                throw Problem.invalid(
                    "sha256", code: "hash_mismatch", zh: "照片与所填摘要不一致，请重新上传。",
                    en: "The photograph does not match its stated digest: please send it again.",
                    allowed: "SHA-256 of the file in hex")
            }
            let caller = try context.caller()
            let evidence = try await answering { try await desk.takePhotograph(Data(file.bytes), to: id, by: caller) }
            return try await commands.run(context, key: key, content: Array(evidence.hash.utf8)) { desk, caller in
                try await desk.recordPhotograph(evidence, by: caller)
                return try Response.json(EvidenceView(evidence), status: .created)
            }
        }
    }

    func declareFiles(_ routes: Routes) {
        routes.get("/evidence/{evidence}", .read(.seeProblem), options: .viewed) { request, context in
            try await file(request, context, thumbnail: false)
        }
        routes.get("/evidence/{evidence}/thumbnail", .read(.seeProblem), options: .viewed) { request, context in
            try await file(request, context, thumbnail: true)
        }
    }

    /// `Cache-Control: private, no-store` for originals, so that every look is one request and one journal entry; the
    /// part of a clip that a player asks for by range belongs to the same look.
    private func file(_ request: Request, _ context: BrightContext, thumbnail: Bool) async throws -> Response {
        let id: EvidenceID = try context.id("evidence")
        let (bytes, mediaType, hash) = try await answering {
            try await desk.readEvidence(id, thumbnail: thumbnail, by: try context.caller())
        }
        var headers: HTTPFields = [
            .contentType: mediaType, .cacheControl: thumbnail ? "private, max-age=3600" : "private, no-store",
            .acceptRanges: "bytes", .eTag: "\"\(hash)\"",
            .named("Digest"): "sha-256=\(Self.base64(hash))",
        ]
        if let range = request.headers[.range], let part = ByteRange(range, length: bytes.count) {
            headers[.contentRange] = "bytes \(part.first)-\(part.last)/\(bytes.count)"
            let slice = bytes[(bytes.startIndex + part.first)...(bytes.startIndex + part.last)]
            return Response(
                status: .partialContent, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: slice)))
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func base64(_ hex: String) -> String {
        var bytes: [UInt8] = []
        var rest = hex[...]
        while let byte = UInt8(rest.prefix(2), radix: 16), !rest.isEmpty {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return Data(bytes).base64EncodedString()
    }
}
