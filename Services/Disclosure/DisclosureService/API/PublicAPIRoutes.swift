import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// The public JSON interface, version 1: what the portal shows, for programs.
struct PublicAPIRoutes: Sendable {
    let runtime: ServiceRuntime

    func declare(_ routes: Routes) {
        routes.get("/v1/canteens", .public) { request, context in try await list(request, context) }
        routes.get("/v1/canteens/{id}", .public) { request, context in try await canteen(request, context) }
        routes.get("/{version}/canteens", .public) { _, context in try unknownVersion(context) }
        routes.get("/{version}/canteens/{id}", .public) { _, context in try unknownVersion(context) }
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try FilterReader.filter(request)
        let limit = try FilterReader.limit(request)
        let cursor = try FilterReader.cursor(request)
        let today = LocalDate(context.now)
        let total = try await CanteenQuery.count(filter, runtime.pool)
        // One more than asked for tells whether there is a next slice.
        let found = try await CanteenQuery.slice(filter, after: cursor, limit: limit + 1, runtime.pool)
        let items = found.prefix(limit)
        var next: String?
        if found.count > limit, let last = items.last {
            next = try FilterReader.text(
                of: CanteenCursor(
                    divisionCode: last.divisionCode, schoolName: last.schoolName, canteenId: last.canteenId))
        }
        let document = CanteenListDocument(
            items: items.map { CanteenListEntry($0, today: today) }, total: total, limit: limit, nextCursor: next,
            asOf: today)
        let bytes = try BrightJSON.encode(document)
        let tag = EntityTag.ofContent(bytes)
        return EntityTag.isCurrent(tag, request) ? EntityTag.notModified(tag) : EntityTag.json(bytes, tag: tag)
    }

    private func canteen(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id: CanteenID = try context.id("id")
        let today = LocalDate(context.now)
        if request.headers[.ifNoneMatch] != nil {
            // The revision alone answers a conditional request.
            guard let revision = try await CanteenPageQuery.revision(of: id, runtime.pool) else {
                throw Problem.notFound
            }
            let tag = EntityTag.ofRevision(revision, day: today.iso)
            if EntityTag.isCurrent(tag, request) { return EntityTag.notModified(tag) }
        }
        guard let found = try await CanteenPageQuery.page(of: id, runtime.pool) else { throw Problem.notFound }
        let bytes = try BrightJSON.encode(CanteenDocument(found.page, today: today))
        return EntityTag.json(bytes, tag: EntityTag.ofRevision(found.revision, day: today.iso))
    }

    /// `/disclosure/v2/…`: a clear answer instead of "not found".
    private func unknownVersion(_ context: BrightContext) throws -> Response {
        let version = context.parameters.get("version") ?? ""
        guard version.first == "v", version.count > 1, version.dropFirst().allSatisfy(\.isASCIIDigit) else {
            throw Problem.notFound
        }
        throw Problem(
            .badRequest, code: "unknown_api_version",
            detail: LocalizedText(zh: "没有这个接口版本。", en: "There is no such version of this interface."),
            field: "version", allowed: "v1")
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
