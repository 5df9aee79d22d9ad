import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// The public portal: a list to find a canteen in, and one page per canteen.
struct PortalRoutes: Sendable {
    let runtime: ServiceRuntime

    func declare(_ routes: Routes) {
        routes.get("/", .public) { request, context in try await list(request, context) }
        routes.get("/canteens/{id}", .public) { _, context in try await canteen(context) }
    }

    private func list(_ request: Request, _ context: BrightContext) async throws -> Response {
        let filter = try FilterReader.filter(request)
        let page = try PageRequest(request)
        let total = try await CanteenQuery.count(filter, runtime.pool)
        let items = try await CanteenQuery.slice(filter, offset: page.offset, limit: page.size, runtime.pool)
        let model = ListModel(
            filter, PageOf(items, of: page, total: total), words: PortalWords(runtime.pages, context))
        return try runtime.pages.render(
            "list", context,
            PageMeta(
                title: runtime.pages.text("portal.title", context), lead: runtime.pages.text("portal.lead", context),
                current: "disclosure"), model: model)
    }

    private func canteen(_ context: BrightContext) async throws -> Response {
        let id: CanteenID = try context.id("id")
        guard let found = try await CanteenPageQuery.page(of: id, runtime.pool) else { throw Problem.notFound }
        let words = PortalWords(runtime.pages, context)
        let summary = found.page.summary
        return try runtime.pages.render(
            "canteen", context,
            PageMeta(
                title: summary.schoolName,
                crumbs: [Crumb(words.text("portal.title"), "/disclosure/"), Crumb(summary.schoolName)],
                lead: words.subtitle(summary), current: "disclosure"), model: CanteenModel(found.page, words: words))
    }
}
