import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// The public portal: a list to find a canteen in, and one page per canteen.
struct PortalRoutes: Sendable {
    let runtime: ServiceRuntime

    func declare(_ routes: Routes) {
        routes.get("/", .public) { request, context in try await list(request, context) }
        routes.get("/open-data", .public) { _, context in
            let words = PortalWords(runtime.pages, context)
            return try runtime.pages.render(
                "open-data", context,
                PageMeta(
                    title: words.text("open.title"), crumbs: [Crumb(words.text("portal.title"), "/disclosure/")],
                    lead: words.text("open.lead"), current: "disclosure"),
                model: ["licence": OpenDataAnswer.licence])
        }
        routes.get("/places", .public) { _, context in try await places(context) }
        routes.get("/map", .public) { request, context in try await map(request, context) }
        routes.get("/canteens/{id}", .public) { request, context in try await canteen(request, context) }
        routes.get("/canteens/{id}/history", .public) { request, context in try await history(request, context) }
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try OpenDataQuery(request, known: FilterReader.names + ["page", "per_page"])
        let filter = try FilterReader.filter(query)
        let page = try PageRequest(request)
        let total = try await CanteenQuery.count(filter, runtime.pool)
        let items = try await CanteenQuery.slice(filter, offset: page.offset, limit: page.size, runtime.pool)
        let model = ListModel(
            filter, PageOf(items, of: page, total: total), words: PortalWords(runtime.pages, context))
        return try runtime.pages.render(
            "list", context,
            PageMeta(
                title: runtime.pages.text("portal.title", context), lead: runtime.pages.text("portal.lead", context),
                current: "disclosure", scripts: ["near.js"]), model: model)
    }

    private func map(_ request: Request, _ context: BrightContext) async throws -> Response {
        let query = try OpenDataQuery(request, known: ["division"])
        var filter = CanteenFilter()
        if let code = query["division"], !code.isEmpty { filter.division = try FilterReader.division(code) }
        let words = PortalWords(runtime.pages, context)
        let total = try await CanteenQuery.count(filter, runtime.pool)
        let canteens = try await CanteenQuery.slice(filter, offset: 0, limit: max(1, total), runtime.pool)
        return try runtime.pages.render(
            "map", context,
            PageMeta(
                title: words.text("map.title"), crumbs: [Crumb(words.text("portal.title"), "/disclosure/")],
                lead: words.text("map.lead"), current: "disclosure", isWide: true),
            model: MapModel(canteens, total: total, division: filter.division, words: words))
    }

    private func places(_ context: BrightContext) async throws -> Response {
        let words = PortalWords(runtime.pages, context)
        let model = PlacesModel(
            try await DistrictFigures.all(runtime.pool), try await DistrictFigures.townships(runtime.pool), words)
        return try runtime.pages.render(
            "places", context,
            PageMeta(
                title: words.text("places.title"), crumbs: [Crumb(words.text("portal.title"), "/disclosure/")],
                lead: words.text("places.lead"), current: "disclosure"), model: model)
    }

    private func canteen(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id: CanteenID = try context.id("id")
        let tag = try await pageTag(id, context)
        if let tag, EntityTag.isCurrent(tag, request) { return EntityTag.notModified(tag) }
        guard let found = try await CanteenPageQuery.page(of: id, runtime.pool) else { throw Problem.notFound }
        let words = PortalWords(runtime.pages, context)
        let summary = found.page.summary
        var audience = Audience.everyone
        if context.principal != nil, let canteen = try await CanteenRecord.find(id, runtime.pool) {
            audience = context.audience(of: canteen)
        }
        let district = try await DistrictFigures.of(summary.divisionCode, runtime.pool)
        let menu = try await MenuStore.find(id, words.today, runtime.pool)
        var response = try runtime.pages.render(
            "canteen", context,
            PageMeta(
                title: summary.schoolName,
                crumbs: [Crumb(words.text("portal.title"), "/disclosure/"), Crumb(summary.schoolName)],
                lead: words.subtitle(summary), current: "disclosure",
                structuredData: try StructuredData.of(found.page, base: runtime.configuration.publicBaseURL)),
            model: CanteenModel(found.page, menu: menu, district: district, as: audience, words: words))
        if let tag {
            response.headers[.eTag] = tag
            response.headers[.cacheControl] = "private, no-cache"
        }
        return response
    }

    /// For readers without an account only: what a signed-in person sees depends on who it is.
    private func pageTag(_ id: CanteenID, _ context: BrightContext) async throws -> String? {
        guard context.principal == nil else { return nil }
        guard let revision = try await CanteenPageQuery.revision(of: id, runtime.pool) else { throw Problem.notFound }
        // Overdue problems change the page without an event: the hour is part of the tag.
        let hour = context.now.rfc3339.prefix(13)
        return EntityTag.ofRevision(revision, day: "\(hour)-\(context.language.tag)")
    }

    /// What was public at any time, and everything that became public since.
    private func history(_ request: Request, _ context: BrightContext) async throws -> Response {
        let id: CanteenID = try context.id("id")
        let query = try OpenDataQuery(request, known: ["as_of", "page", "per_page"])
        let time = try AsOfReader.time(query["as_of"], now: context.now)
        let page = try PageRequest(request)
        guard let canteen = try await CanteenRecord.find(id, runtime.pool), canteen.hasLicence else {
            throw Problem.notFound
        }
        let words = PortalWords(runtime.pages, context)
        let model: HistoryModel
        if let time {
            let records = try await ItemRecordStore.asOf(time, of: id, runtime.pool)
            model = HistoryModel(asOf: time, records, of: canteen, words)
        } else {
            let total = try await ItemRecordStore.count(of: id, runtime.pool)
            let records = try await ItemRecordStore.entries(
                of: id, offset: page.offset, limit: page.size, runtime.pool)
            model = HistoryModel(PageOf(records, of: page, total: total), of: canteen, words)
        }
        return try runtime.pages.render(
            "history", context,
            PageMeta(
                title: words.text("history.title"),
                crumbs: [
                    Crumb(words.text("portal.title"), "/disclosure/"),
                    Crumb(canteen.schoolName, "/disclosure/canteens/\(id.rawValue)"),
                    Crumb(words.text("history.title")),
                ], lead: "\(canteen.schoolName) · \(canteen.name)", current: "disclosure"), model: model)
    }
}
