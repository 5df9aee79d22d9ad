import Calendar
import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// Items, their history and the feed of changes of the open interface.
struct ItemAPI: Sendable {
    private struct Slice: Encodable {
        let items: [ItemDocument]
        let total: Int
        let limit: Int
        let nextCursor: String?
    }

    private struct History: Encodable {
        let itemId: ItemID
        let entries: [ItemDocument]
    }

    private struct Changes: Encodable {
        let items: [ItemDocument]
        /// Ask with it for what comes next, now or later.
        let nextCursor: String
        /// False: this is all there is so far.
        let hasMore: Bool
    }

    let runtime: ServiceRuntime

    func declare(_ routes: Routes) {
        routes.get("/v1/items", .public) { request, context in try await list(request, context) }
        routes.get("/v1/items/{id}", .public) { request, context in try await item(request, context) }
        routes.get("/v1/items/{id}/history", .public) { request, context in try await history(request, context) }
        routes.get("/v1/changes", .public) { request, _ in try await changes(request) }
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try OpenDataQuery(
            request,
            known: ["canteen", "category", "division", "state", "valid_on", "limit", "cursor", "format"])
        var filter = ItemFilter()
        if let id = query["canteen"] {
            guard WellFormed.isIdentifier(id) else { throw Problem.notFound }
            filter.canteen = CanteenID(id)
        }
        filter.category = try query.choice("category")
        filter.division = try query["division"].map(FilterReader.division)
        filter.state = try query.choice("state", ItemFilter.State.self) ?? .published
        if let text = query["valid_on"] {
            guard let day = LocalDate(iso: text) else {
                throw Problem.invalid(
                    "valid_on", code: "not_a_date", zh: "请填写日期。", en: "Please give a date.", allowed: "YYYY-MM-DD")
            }
            filter.validOn = day
        }
        let limit = try query.integer("limit", in: 1...FilterReader.maximumLimit, default: FilterReader.defaultLimit)
        let cursor = try SliceCursor.read(query["cursor"], question: query.fingerprint, columns: 1)
        guard let after = cursor.map({ Int($0[0]) }) ?? 0 else {
            throw Problem(
                .badRequest, code: "not_a_cursor",
                detail: LocalizedText(zh: "翻页标记无效。", en: "This is not a cursor of this list."), field: "cursor")
        }
        let total = try await ItemFilter.count(filter, runtime.pool)
        let found = try await ItemFilter.slice(filter, after: after, limit: limit + 1, runtime.pool)
        let documents = found.prefix(limit).map { ItemDocument($0) }
        let next =
            found.count > limit
            ? try documents.last.map { try SliceCursor(question: query.fingerprint, after: [String($0.position)]).text }
            : nil
        if try OpenDataAnswer.wantsCSV(query, request) {
            var response = OpenDataAnswer.bytes(ItemCSV.table(documents), "text/csv; charset=utf-8", request)
            response.headers[.named("X-Total-Count")] = String(total)
            response.headers[.named("X-Next-Cursor")] = next
            return response
        }
        return try OpenDataAnswer.json(
            Slice(items: documents, total: total, limit: limit, nextCursor: next), request)
    }

    /// 301 to what took its place, 410 for what was withdrawn: an id never just disappears.
    private func item(_ request: Request, _ context: BrightContext) async throws -> Response {
        _ = try OpenDataQuery(request, known: [])
        guard let record = try await ItemStore.head(context.id("id"), runtime.pool)?.published else {
            throw Problem.notFound
        }
        switch record.state {
        case .withdrawn:
            throw Problem(
                .gone, code: "withdrawn",
                detail: LocalizedText(
                    zh: "已撤下：\(record.reason ?? "")", en: "This item was withdrawn: \(record.reason ?? "")"))
        case .superseded:
            guard let next = record.supersededBy else { throw Problem.notFound }
            var response = try Response.json(
                ItemDocument(record), status: .movedPermanently, cacheControl: EntityTag.cacheControl)
            response.headers[.location] = "/disclosure/v1/items/\(next.rawValue)"
            return OpenDataAnswer.opened(response)
        case .draft, .submitted, .returned:
            throw Problem.notFound
        case .published, .expired:
            return try OpenDataAnswer.json(ItemDocument(record), request)
        }
    }

    private func history(_ request: Request, _ context: BrightContext) async throws -> Response {
        _ = try OpenDataQuery(request, known: [])
        let id: ItemID = try context.id("id")
        let records = try await ItemRecordStore.history(of: id, runtime.pool)
        guard let last = records.last else { throw Problem.notFound }
        // The content of what was withdrawn is not told again through its history.
        let isWithdrawn = last.state == .withdrawn
        let shown = isWithdrawn ? [last] : records
        return try OpenDataAnswer.json(
            History(itemId: id, entries: shown.map { ItemDocument($0) }), request)
    }

    private func changes(_ request: Request) async throws -> Response {
        let query = try OpenDataQuery(request, known: ["since", "limit", "format"])
        let limit = try query.integer("limit", in: 1...1000, default: 200)
        guard let since = query["since"].map({ Int($0) }) ?? 0, since >= 0 else {
            throw Problem(
                .badRequest, code: "not_a_cursor",
                detail: LocalizedText(zh: "起点无效，请从 0 开始。", en: "This is not a place in the feed. Start from 0."),
                field: "since", allowed: "0, or next_cursor of an answer before")
        }
        let head = try await ItemRecordStore.head(runtime.pool)
        guard since <= head else {
            throw Problem(
                .badRequest, code: "not_a_cursor",
                detail: LocalizedText(zh: "起点在最新变更之后。", en: "This place lies beyond the latest change."),
                field: "since", allowed: "0…\(head)")
        }
        let found = try await ItemRecordStore.changes(after: since, limit: limit + 1, runtime.pool)
        let documents = found.prefix(limit).map { ItemDocument($0) }
        let next = String(documents.last?.position ?? since)
        if try OpenDataAnswer.wantsCSV(query, request) {
            var response = OpenDataAnswer.bytes(ItemCSV.table(documents), "text/csv; charset=utf-8", request)
            response.headers[.named("X-Next-Cursor")] = next
            return response
        }
        return try OpenDataAnswer.json(
            Changes(items: documents, nextCursor: next, hasMore: found.count > limit), request)
    }
}
