import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// Canteens of the open interface, version 1.
struct CanteenAPI: Sendable {
    let runtime: ServiceRuntime
    let cache: RecordCache

    func declare(_ routes: Routes) {
        routes.get("/v1/canteens", .public) { request, context in try await list(request, context) }
        routes.get("/v1/canteens/{id}", .public) { request, context in try await canteen(request, context) }
        routes.get("/v1/canteens/{id}/items", .public) { request, context in try await items(request, context) }
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try OpenDataQuery(request, known: FilterReader.names + ["limit", "cursor", "format"])
        let filter = try FilterReader.filter(query)
        let limit = try query.integer(
            "limit", in: 1...FilterReader.maximumLimit, default: FilterReader.defaultLimit)
        let cursor = try SliceCursor.read(query["cursor"], question: query.fingerprint, columns: 2)
        let today = LocalDate(context.now)
        let total = try await CanteenQuery.count(filter, runtime.pool)
        // One more than asked for tells whether there is a next slice.
        let found = try await CanteenQuery.slice(filter, after: cursor, limit: limit + 1, runtime.pool)
        let rows = found.prefix(limit)
        var next: String?
        if found.count > limit, let last = rows.last {
            next = try SliceCursor(question: query.fingerprint, after: [last.key, last.summary.canteenId.rawValue]).text
        }
        let entries = rows.map { CanteenListEntry($0.summary, today: today) }
        if try OpenDataAnswer.wantsCSV(query, request) {
            var response = OpenDataAnswer.bytes(
                CSVText.table(CanteenListEntry.csvHeader, entries.map(\.csvRow)), "text/csv; charset=utf-8", request)
            response.headers[.named("X-Total-Count")] = String(total)
            response.headers[.named("X-Next-Cursor")] = next
            return response
        }
        return try OpenDataAnswer.json(
            CanteenListDocument(items: entries, total: total, limit: limit, nextCursor: next, asOf: today), request)
    }

    /// The hottest path: one indexed read of the revision, then the bytes that were made for it.
    private func canteen(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id: CanteenID = try context.id("id")
        if request.uri.query?.isEmpty == false { _ = try OpenDataQuery(request, known: []) }
        let today = LocalDate(context.now)
        guard let revision = try await CanteenPageQuery.revision(of: id, runtime.pool) else { throw Problem.notFound }
        let tag = EntityTag.ofRevision(revision, day: today.iso)
        if EntityTag.isCurrent(tag, request) { return OpenDataAnswer.opened(EntityTag.notModified(tag)) }
        let key = RecordCache.Key(canteen: id, revision: revision, day: today)
        if let bytes = cache.bytes(for: key) { return answer(bytes, tag, request) }
        guard let found = try await CanteenPageQuery.page(of: id, runtime.pool) else { throw Problem.notFound }
        let bytes = try BrightJSON.encode(CanteenDocument(found.page, today: today))
        cache.keep(bytes, for: RecordCache.Key(canteen: id, revision: found.revision, day: today))
        return answer(bytes, EntityTag.ofRevision(found.revision, day: today.iso), request)
    }

    private func answer(_ bytes: [UInt8], _ tag: String, _ request: Request) -> Response {
        OpenDataAnswer.bytes(bytes, "application/json; charset=utf-8", request, tag: tag)
    }

    private func items(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id: CanteenID = try context.id("id")
        let query = try OpenDataQuery(request, known: ["as_of", "category", "format"])
        let category: DisclosureCategory? = try query.choice("category")
        let time = try AsOfReader.time(query["as_of"], now: context.now)
        guard try await CanteenPageQuery.revision(of: id, runtime.pool) != nil else { throw Problem.notFound }
        let records =
            if let time {
                try await ItemRecordStore.asOf(time, of: id, runtime.pool)
            } else {
                try await ItemStore.current(of: id, runtime.pool)
            }
        let documents = records.filter { category == nil || $0.category == category }.map { ItemDocument($0) }
        if try OpenDataAnswer.wantsCSV(query, request) {
            return OpenDataAnswer.bytes(ItemCSV.table(documents), "text/csv; charset=utf-8", request)
        }
        return try OpenDataAnswer.json(ItemsAsOf(items: documents, total: documents.count, asOf: time), request)
    }

    private struct ItemsAsOf: Encodable {
        let items: [ItemDocument]
        let total: Int
        /// Absent: now.
        let asOf: Instant?
    }
}

extension CanteenListEntry {
    static let csvHeader = [
        "canteen_id", "name", "school_name", "school_type", "is_caterer", "division_code", "township", "operating",
        "licence_state", "licence_valid_to", "grade", "graded_on", "published", "missing", "open_problems", "cameras",
        "active_cameras", "latitude", "longitude", "coordinate_system", "distance_m",
    ]

    var csvRow: [String] {
        [
            canteenId.rawValue, name, schoolName, schoolType.rawValue, String(isCaterer), divisionCode, township ?? "",
            String(operating), licence.state.rawValue, licence.validTo.iso, grade, gradedOn?.iso ?? "",
            published.map(\.rawValue).joined(separator: " "), missing.map(\.rawValue).joined(separator: " "),
            String(openProblems), String(cameras), String(activeCameras),
            position.map { String($0.latitude) } ?? "", position.map { String($0.longitude) } ?? "",
            position?.coordinateSystem.rawValue ?? "", distanceM.map(String.init) ?? "",
        ]
    }
}
