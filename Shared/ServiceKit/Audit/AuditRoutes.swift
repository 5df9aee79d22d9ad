import Calendar
import Hummingbird
import Journal

/// The auditor's pages and their JSON twins, in every service: the trail of requests, the journal, extracts with proofs.
struct AuditRoutes: Sendable {
    private let runtime: ServiceRuntime
    private let requests: AuditSearch
    private let journal: JournalSearch
    private let log: JournalLog
    private let days: AuditDays

    init(runtime: ServiceRuntime, trail: AuditTrail) {
        self.runtime = runtime
        requests = AuditSearch(pool: runtime.pool, trail: trail)
        journal = JournalSearch(database: runtime.pool)
        log = JournalLog(service: runtime.description.name, database: runtime.pool)
        days = AuditDays(
            service: runtime.description.name, pool: runtime.pool,
            algorithm: runtime.configuration.digestAlgorithm)
    }

    func declare(_ routes: Routes) {
        routes.get("/audit", .read(.readAudit), use: showRequests)
        routes.get("/audit/journal", .read(.readAudit), use: showEntries)
        routes.get("/audit/requests", .read(.readAudit), use: listRequests)
        routes.get("/audit/requests/{day}", .read(.readAudit), use: dayLines)
        routes.get("/audit/entries", .read(.readAudit), use: listEntries)
        routes.get("/audit/extract", .read(.readAudit), use: extract)
    }

    // MARK: data

    private func entries(
        _ request: Request
    ) async throws -> (filter: AuditFilter, page: PageOf<LocatedEntry>) {
        let filter = try AuditFilter(request)
        let slice = try PageRequest(request)
        var wanted = JournalFilter(
            subject: filter.object, typePrefix: filter.action, correlationId: filter.correlation, from: filter.start,
            until: filter.end)
        // An id alone is a member of staff: what an auditor copies from a list has its kind in front.
        wanted.actor = filter.person.map { $0.contains(":") ? $0 : "person:\($0)" }
        let total = try await journal.count(wanted)
        let found = try await journal.entries(wanted, limit: slice.size, offset: slice.offset)
        return (filter, PageOf(found, of: slice, total: total))
    }

    @Sendable private func listRequests(_ request: Request, _ context: BrightContext) async throws -> Response {
        try Response.json(try await requests.page(try AuditFilter(request), try PageRequest(request)))
    }

    private struct EntryDocument: Encodable, Sendable {
        let id: String
        let index: UInt64?
        let type: String
        let subject: String
        let actor: String
        let occurredAt: Instant
        let correlationId: String
        let causationId: String?
        let topic: String?
        /// JSON text, as published or recorded.
        let data: String
    }

    @Sendable private func listEntries(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await entries(request).page
        let documents = page.items.map { found in
            EntryDocument(
                id: found.entry.id, index: found.leafIndex, type: found.entry.type, subject: found.entry.subject,
                actor: found.entry.actor, occurredAt: found.entry.occurredAt,
                correlationId: found.entry.correlationId, causationId: found.entry.causationId,
                topic: found.entry.stream?.topic, data: String(decoding: found.entry.data, as: UTF8.self))
        }
        return try Response.json(PageOf(documents, of: try PageRequest(request), total: page.total))
    }

    /// The entries of a search with the signed checkpoint and a proof for each.
    @Sendable private func extract(_ request: Request, _ context: BrightContext) async throws -> Response {
        let page = try await entries(request).page
        let extract = try await log.extract(
            page.items, total: page.total, page: page.page, perPage: page.perPage)
        guard let extract else {
            throw Problem.conflict(
                code: "no_checkpoint", zh: "日志还没有签名的检查点，请稍后再试。",
                en: "The log has no signed checkpoint yet. Please try again later.")
        }
        var response = try Response.json(extract)
        response.headers[.contentDisposition] =
            "attachment; filename=\"\(runtime.description.name)-extract-\(page.page).json\""
        return response
    }

    /// The lines of one day, whose digest is in the journal once the day is over.
    @Sendable private func dayLines(_ request: Request, _ context: BrightContext) async throws -> Response {
        guard let day = context.parameters.get("day").flatMap({ LocalDate(iso: $0) }) else { throw Problem.notFound }
        var response = Response.bytes(try await days.lines(of: day), contentType: "application/x-ndjson; charset=utf-8")
        response.headers[.contentDisposition] =
            "attachment; filename=\"\(runtime.description.name)-requests-\(day.iso).jsonl\""
        return response
    }

    // MARK: pages

    private struct Cell: Sendable {
        let label: String
        let text: String
        let isMono: Bool
    }

    private struct Line: Sendable {
        let cells: [Cell]
    }

    private struct Model: Sendable {
        let services: [[String: String]]
        let fields: [FormField]
        let columns: [String]
        let rows: [Line]
        let pager: Pager
        let extract: String?
        let other: [String: String]
        let text: String
        let hint: String?
    }

    @Sendable private func showRequests(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try AuditFilter(request)
        let page = try await requests.page(filter, try PageRequest(request))
        let rows = page.items.map { item in
            [
                Self.time(item.occurredAt), item.actor, item.role ?? "", item.action,
                "\(item.method) \(item.path)", item.purpose ?? "", item.addressKey ?? "",
                item.status.map(String.init) ?? runtime.pages.text("audit.unknown", context), item.correlationId,
            ]
        }
        let columns = ["time", "person", "role", "action", "request", "purpose", "address", "status", "correlation"]
        return try render(
            "/audit", columns, rows, page.pager(path: try path("/audit", filter, request)), filter, request, context)
    }

    @Sendable private func showEntries(_ request: Request, _ context: BrightContext) async throws -> Response {
        let (filter, page) = try await entries(request)
        let rows = page.items.map { found in
            [
                Self.time(found.entry.occurredAt), found.entry.actor, found.entry.type, found.entry.subject,
                found.leafIndex.map(String.init) ?? runtime.pages.text("audit.unsequenced", context),
                found.entry.correlationId,
            ]
        }
        let columns = ["time", "person", "type", "object", "index", "correlation"]
        return try render(
            "/audit/journal", columns, rows, page.pager(path: try path("/audit/journal", filter, request)), filter,
            request, context)
    }

    private func path(_ place: String, _ filter: AuditFilter, _ request: Request) throws -> String {
        let query = try filter.query(request)
        return runtime.description.pathPrefix + place + (query.isEmpty ? "" : "?\(query)")
    }

    private func render(
        _ place: String, _ columns: [String], _ rows: [[String]], _ pager: Pager, _ filter: AuditFilter,
        _ request: Request, _ context: BrightContext
    ) throws -> Response {
        let pages = runtime.pages
        let isJournal = place == "/audit/journal"
        let mono: Set<String> = ["person", "type", "object", "address", "correlation", "request", "action"]
        let lines = rows.map { row in
            Line(
                cells: zip(columns, row).map { column, text in
                    Cell(label: pages.text("audit.\(column)", context), text: text, isMono: mono.contains(column))
                })
        }
        let other = isJournal ? "/audit" : "/audit/journal"
        let model = Model(
            services: Self.services(place, current: runtime.description.pathPrefix),
            fields: fields(filter, isJournal, context), columns: columns.map { pages.text("audit.\($0)", context) },
            rows: lines, pager: pager, extract: isJournal ? try path("/audit/extract", filter, request) : nil,
            other: [
                "path": runtime.description.pathPrefix + other,
                "label": pages.text(isJournal ? "audit.to_requests" : "audit.to_journal", context),
            ],
            text: pages.text("audit.none", context), hint: nil)
        return try pages.render(
            "bright/audit", context,
            PageMeta(
                title: pages.text(isJournal ? "audit.journal_title" : "audit.title", context),
                lead: pages.text(
                    isJournal ? "audit.journal_lead" : "audit.lead", context,
                    ["n": String(pager.total), "service": runtime.description.name]),
                current: "audit", isWide: true), model: model)
    }

    private func fields(_ filter: AuditFilter, _ isJournal: Bool, _ context: BrightContext) -> [FormField] {
        func field(_ name: String, _ value: String?, type: String = "text") -> FormField {
            FormField(
                name, label: runtime.pages.text("audit.\(name)", context), value: value ?? "", type: type,
                isOptional: true, maximum: type == "text" ? 200 : nil, autocomplete: "off")
        }
        return [
            field("person", filter.person), field("object", filter.object), field("action", filter.action),
            field("from", filter.from?.iso, type: "date"), field("to", filter.to?.iso, type: "date"),
        ] + (isJournal ? [] : [field("address", filter.address)]) + [field("correlation", filter.correlation)]
    }

    /// To the second, in the city.
    private static func time(_ instant: Instant) -> String {
        String(instant.rfc3339.prefix(19)).replacing("T", with: " ")
    }

    private static func services(_ place: String, current: String) -> [[String: String]] {
        ["registry", "disclosure", "patrol", "notification", "parent"].map { name in
            var service = ["name": name, "path": "/\(name)\(place)"]
            if "/\(name)" == current { service["isCurrent"] = "true" }
            return service
        }
    }
}
