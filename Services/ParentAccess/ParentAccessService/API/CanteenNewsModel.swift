import Calendar
import Contracts
import ServiceKit

/// A canteen on the representatives' page.
struct CanteenNewsModel: Sendable {
    struct Line: Sendable {
        let label: String
        let date: String
        let isOver: Bool
    }

    struct Trouble: Sendable {
        let text: String
        let zone: String
        let state: String
        let date: String
        let measure: String?
    }

    struct Meal: Sendable {
        let name: String
        let dishes: String
    }

    let name: String
    let path: String
    let items: [Line]
    let hasItems: Bool
    let open: [Trouble]
    let hasOpen: Bool
    let closed: [Trouble]
    let hasClosed: Bool
    let closedTotal: String
    let menu: [Meal]
    let hasMenu: Bool

    init(_ canteen: CanteenFacts, _ news: CanteenNews, pages: Pages, _ context: BrightContext) {
        name = canteen.isCaterer ? "\(canteen.schoolName) \(canteen.name)" : canteen.name
        path = "/disclosure/canteens/\(canteen.canteenId)"
        let today = LocalDate(context.now)
        items = news.items.map { item in
            Line(
                label: pages.label(item.category, context), date: LocalTime.day(item.publishedAt),
                isOver: item.validTo.map { today > $0 } ?? false)
        }
        hasItems = !items.isEmpty
        func trouble(_ problem: CanteenNews.Trouble) -> Trouble {
            let state =
                problem.outcome.map { pages.label($0, context) }
                ?? pages.text("trouble.\(problem.state)", context, ["day": LocalTime.day(problem.rectifyBy)])
            return Trouble(
                text: problem.itemText, zone: pages.label(problem.zone, context), state: state,
                date: LocalTime.day(problem.closedAt ?? problem.foundAt), measure: problem.measure)
        }
        open = news.open.map(trouble)
        hasOpen = !open.isEmpty
        closed = news.closed.map(trouble)
        hasClosed = !closed.isEmpty
        closedTotal = String(news.closedTotal)
        menu = news.menu.map {
            Meal(
                name: pages.text("menu.\($0.meal.rawValue)", context),
                dishes: $0.dishes.joined(separator: context.language == .zh ? "、" : ", "))
        }
        hasMenu = !menu.isEmpty
    }
}
