import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// Menus of the open interface, version 1.
struct MenuAPI: Sendable {
    private struct Document: Encodable {
        let canteenId: CanteenID
        let day: LocalDate
        let version: Int
        let meals: [MenuMeal]
        let publishedAt: Instant
    }

    let runtime: ServiceRuntime

    func declare(_ routes: Routes) {
        routes.get("/v1/canteens/{id}/menu", .public) { request, context in
            let id: CanteenID = try context.id("id")
            let query = try OpenDataQuery(request, known: ["day"])
            let day = try MenuPages.day(query["day"], context)
            guard try await CanteenPageQuery.revision(of: id, runtime.pool) != nil else { throw Problem.notFound }
            guard let menu = try await MenuStore.find(id, day, runtime.pool) else {
                // Nothing was disclosed; what is served is not known.
                throw Problem(
                    .notFound, code: "menu_not_published",
                    detail: LocalizedText(
                        zh: "这一天没有公示食谱。", en: "No menu of that day has been published."))
            }
            return try OpenDataAnswer.json(
                Document(
                    canteenId: id, day: day, version: menu.version, meals: menu.meals,
                    publishedAt: menu.publishedAt), request)
        }
    }
}
