import Attachments
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Files of items: sent for a canteen, shown to everybody only where a public item shows them.
struct FileRoutes: Sendable {
    static let mostFiles = 6

    let commands: DeskCommands
    let store: AttachmentStore

    private struct Accepted: Encodable {
        /// What an item refers to the file by.
        let digest: String
        /// The same, where it is a SHA-256.
        let sha256: String?
        let mediaType: String
        let byteCount: Int
    }

    private struct AcceptedFiles: Encodable { let files: [Accepted] }

    func declare(_ routes: Routes) {
        let options = RouteOptions(bodyLimit: commands.intake.limits.bodyLimit(files: Self.mostFiles))
        routes.post("/api/canteens/{id}/files", .signedIn, options: options) { request, context in
            try await send(request, context)
        }
        routes.get("/files/{digest}", .public) { request, context in try await show(request, context) }
    }

    /// Files of a form field, cleaned and stored for the canteen. Only then may an item refer to them.
    func accept(
        _ files: [UploadedFile], for canteen: CanteenRecord, _ context: BrightContext
    ) async throws -> [Attachment] {
        guard files.count <= Self.mostFiles else {
            throw Problem.invalid(
                "file", code: "too_many_files", zh: "一次最多 \(Self.mostFiles) 个文件。",
                en: "At most \(Self.mostFiles) files at a time.", allowed: "1…\(Self.mostFiles)")
        }
        var accepted: [Attachment] = []
        for file in files { accepted.append(try await commands.intake.accept(file)) }
        let stored = accepted
        try await commands.pool.transaction { transaction in
            for file in stored {
                try await FileStore.save(file, for: canteen.canteenId, at: context.now, transaction)
            }
        }
        return stored
    }

    private func send(_ request: Request, _ context: BrightContext) async throws -> Response {
        _ = try context.requirePrincipal()
        guard let canteen = try await CanteenRecord.find(context.id("id"), commands.pool) else {
            throw Problem.notFound
        }
        guard context.maySendFiles(for: canteen) else {
            throw context.may(.draftSchoolItems) || context.may(.publishInspection) ? Problem.notFound : .forbidden
        }
        let form = try await request.form(context)
        let files = form.files("file")
        guard !files.isEmpty else { throw Problem.invalid("file", code: "missing", zh: "请选择文件。", en: "Choose a file.") }
        let accepted = try await accept(files, for: canteen, context)
        return try .json(
            AcceptedFiles(
                files: accepted.map {
                    Accepted(
                        digest: $0.digest, sha256: $0.digest.contains(":") ? nil : $0.digest,
                        mediaType: $0.type.mediaType, byteCount: $0.byteCount)
                }), status: .created)
    }

    private struct View: Encodable {
        let digest: String
    }

    /// Who looks at a file that is not public (a health certificate) is in the journal before the bytes leave; who looks
    /// at a public one is nobody's business.
    private func writeDownView(of digest: String, _ context: BrightContext) async throws {
        try await commands.pool.transaction { transaction in
            try await transaction.record(
                "brightkitchen.disclosure.file.viewed.v1", subject: digest, data: View(digest: digest),
                try context.eventContext(), occurredAt: context.now)
        }
    }

    private func show(_ request: Request, _ context: BrightContext) async throws -> Response {
        let digest = context.parameters.get("digest") ?? ""
        guard AttachmentStore.isDigest(digest), let found = try await FileStore.find(digest, commands.pool) else {
            throw Problem.notFound
        }
        if !found.isPublic {
            var isOwn = false
            for id in found.canteens where !isOwn && context.principal != nil {
                isOwn = try await CanteenRecord.find(id, commands.pool).map { context.mayHandleFiles(of: $0) } ?? false
            }
            guard isOwn else { throw Problem.notFound }
            try await writeDownView(of: digest, context)
        }
        let tag = "\"\(digest.prefix(32))\""
        if EntityTag.isCurrent(tag, request) { return EntityTag.notModified(tag) }
        var response = Response.bytes(
            try await store.get(digest), contentType: found.type.mediaType,
            cacheControl: found.isPublic ? "public, no-cache" : "private, no-store")
        response.headers[.eTag] = tag
        // A PDF is never shown within the site's own pages.
        if !found.type.isPicture {
            response.headers[.contentDisposition] = "attachment; filename=\"\(digest.prefix(12)).pdf\""
        }
        return response
    }
}
