import Access
import Attachments
import Contracts
import Foundation
import Hummingbird
import Postgres
import ServiceKit

/// Documents and pictures of a bulletin (附件): added to a draft, fetched by whoever may read the bulletin.
struct BulletinAttachmentRoutes: Sendable {
    /// Of one bulletin.
    static let mostFiles = 10
    /// In one request.
    static let mostAtOnce = 5

    let runtime: ServiceRuntime
    let commands: BulletinCommands
    let intake: AttachmentIntake
    let store: AttachmentStore

    func declare(_ routes: Routes) {
        let options = RouteOptions(bodyLimit: intake.limits.bodyLimit(files: Self.mostAtOnce))
        routes.post("/bulletins/{bulletinId}/attachments", .action(.issueBulletin), options: options) {
            request, context in
            try await guarded(context) { id in try await add(id, request, context) }
        }
        routes.post("/bulletins/{bulletinId}/attachments/{sha256}/remove", .action(.issueBulletin)) { _, context in
            try await guarded(context) { id in try await remove(id, context) }
        }
        routes.get("/bulletins/{bulletinId}/attachments/{sha256}", .read(.readBulletins)) { _, context in
            try await fetch(context)
        }
    }

    private struct Added: Encodable { let items: [BulletinAttachment] }

    /// A browser is shown the draft again, with what is wrong.
    private func guarded(
        _ context: BrightContext, _ step: @Sendable (BulletinID) async throws -> Response
    ) async throws -> Response {
        let id: BulletinID = try context.id("bulletinId")
        do {
            return try await step(id)
        } catch let problem as Problem
            where context.wantsPage && (problem.status == .unprocessableContent || problem.status == .conflict)
        {
            let found = try await BulletinStore.bulletin(
                id, visibleTo: try context.requirePrincipal(), runtime.pool)
            guard let found, found.state == .draft else { throw problem }
            let pages = runtime.pages
            return try pages.render(
                "bulletin", context, BulletinRoutes.meta(found, pages, context),
                model: BulletinPage(found, unread: [], typed: nil, problem: problem, pages, context),
                status: problem.status)
        }
    }

    private func add(_ id: BulletinID, _ request: Request, _ context: BrightContext) async throws -> Response {
        let form = try await request.form(context)
        let files = form.files("file")
        guard !files.isEmpty else {
            throw Problem.invalid("file", code: "missing", zh: "请选择文件。", en: "Choose a file.")
        }
        guard files.count <= Self.mostAtOnce else {
            throw Problem.invalid(
                "file", code: "too_many_files", zh: "一次最多 \(Self.mostAtOnce) 个文件。",
                en: "At most \(Self.mostAtOnce) files at a time.", allowed: "1…\(Self.mostAtOnce)")
        }
        // Nobody's pictures are decoded before it is sure that they may be added.
        try await runtime.pool.transaction { transaction in
            _ = try await commands.ownDraft(id, form, context, transaction)
        }
        var accepted: [Named] = []
        for (index, file) in files.enumerated() {
            let stored = try await intake.accept(file, field: "file")
            let name = AttachmentName.clean(
                file.fileName, ending: stored.type.fileExtension, fallback: "附件\(index + 1)")
            try PersonalDataScreen.check(field: "file", text: name)
            accepted.append(Named(name: name, file: stored))
        }
        let wanted = accepted
        try await runtime.pool.transaction { transaction in
            try await take(wanted, for: id, form, context, transaction)
        }
        guard !context.wantsPage else { return .seeOther("/notification/bulletins/\(id)") }
        return try .json(Added(items: try await BulletinAttachments.of(id, runtime.pool)), status: .created)
    }

    private struct Named: Sendable {
        let name: String
        let file: Attachment
    }

    private func take(
        _ files: [Named], for id: BulletinID, _ form: FormData, _ context: BrightContext,
        _ transaction: PostgresTransaction
    ) async throws {
        let bulletin = try await commands.ownDraft(id, form, context, transaction)
        let present = Set((bulletin.attachments ?? []).map(\.sha256))
        guard present.union(files.map(\.file.digest)).count <= Self.mostFiles else {
            throw Problem.invalid(
                "file", code: "too_many_files", zh: "一份通报最多 \(Self.mostFiles) 个附件。",
                en: "A bulletin has at most \(Self.mostFiles) attachments.", allowed: "≤ \(Self.mostFiles)")
        }
        let person = try context.requirePrincipal().personId
        for one in files.sorted(by: { $0.file.digest < $1.file.digest }) {
            try await BulletinAttachments.lock(one.file.digest, transaction)
        }
        for one in files {
            do {
                _ = try await store.get(one.file.digest)
            } catch AttachmentStore.Failure.missing {
                // Another draft let the same file go at this moment: sent again it is stored again.
                throw Problem.unavailable(code: "file_released", retryAfter: 1)
            }
            let isNew = try await BulletinAttachments.add(
                one.file, named: one.name, to: id, by: person, at: context.now, transaction)
            if isNew { try await commands.attachmentsChanged("attached", id, one.file.digest, context, transaction) }
        }
    }

    private func remove(_ id: BulletinID, _ context: BrightContext) async throws -> Response {
        let digest = context.parameters.get("sha256") ?? ""
        try await runtime.pool.transaction { transaction in
            _ = try await commands.ownDraft(id, FormData(values: []), context, transaction)
            guard try await BulletinAttachments.release(id, digest, at: context.now, transaction) else {
                throw Problem.notFound
            }
            try await commands.attachmentsChanged("detached", id, digest, context, transaction)
        }
        return context.wantsPage ? .seeOther("/notification/bulletins/\(id)") : .noContent()
    }

    private func fetch(_ context: BrightContext) async throws -> Response {
        let id: BulletinID = try context.id("bulletinId")
        let digest = context.parameters.get("sha256") ?? ""
        let found = try await BulletinStore.bulletin(id, visibleTo: try context.requirePrincipal(), runtime.pool)
        guard let attachment = found?.attachments?.first(where: { $0.sha256 == digest }) else {
            throw Problem.notFound
        }
        var response = Response.bytes(
            try await store.get(digest), contentType: attachment.mediaType, cacheControl: "private, no-store")
        response.headers[.eTag] = "\"\(digest.prefix(32))\""
        let name = attachment.name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        // A PDF is never shown within the platform's own pages.
        let kind = attachment.mediaType == AttachmentType.jpeg.mediaType ? "inline" : "attachment"
        response.headers[.contentDisposition] = "\(kind); filename*=UTF-8''\(name)"
        return response
    }
}
