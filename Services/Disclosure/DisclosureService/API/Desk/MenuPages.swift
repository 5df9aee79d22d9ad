import Access
import Calendar
import Contracts
import Hummingbird
import ServiceKit

/// The school's page for menus: the days of three weeks, and a form for one of them.
struct MenuPages: Sendable {
    private struct Day {
        let path: String
        let label: String
        let text: String
        let tone: String
        let isCurrent: Bool
    }

    private struct Model {
        let path: String
        let day: String
        let dayLabel: String
        let days: [Day]
        let fields: [FormField]
        let hasFaults: Bool
        let faults: [ItemFormModel.Fault]
        let isPublished: Bool
        let publicPath: String
    }

    let commands: DeskCommands
    private var runtime: ServiceRuntime { commands.runtime }

    func declare(_ routes: Routes) {
        routes.get("/desk/canteens/{id}/menu", .action(.publishSchoolItems)) { request, context in
            let canteen = try await context.canteen(context.id("id"), for: .publishSchoolItems, commands.pool)
            let day = try Self.day(try request.query("day"), context)
            return try await page(canteen, day, typed: nil, problem: nil, context)
        }
        routes.post("/desk/canteens/{id}/menu", .action(.publishSchoolItems)) { request, context in
            let canteen = try await context.canteen(context.id("id"), for: .publishSchoolItems, commands.pool)
            let sent = try await request.form(context)
            let day = try Self.day(sent.optional("day"), context)
            var typed: [MenuMeal.Kind: String] = [:]
            for kind in MenuMeal.Kind.allCases { typed[kind] = sent.optional(kind.rawValue) }
            do {
                let meals = try MenuDesk.meals(typed)
                let actor = try context.actor()
                let content = Array("\(canteen.canteenId) \(day.iso) \(meals)".utf8)
                return try await commands.once(request.idempotencyKey(sent), content, context) { transaction in
                    try await MenuDesk.publish(meals, of: canteen.canteenId, on: day, actor, transaction)
                    return .seeOther("/disclosure/desk/canteens/\(canteen.canteenId.rawValue)/menu?day=\(day.iso)")
                }
            } catch let problem as Problem where problem.status == .unprocessableContent {
                return try await page(canteen, day, typed: typed, problem: problem, context)
            }
        }
    }

    static func day(_ text: String?, _ context: BrightContext) throws -> LocalDate {
        guard let text else { return LocalDate(context.now) }
        guard let day = LocalDate(iso: text) else {
            throw Problem.invalid(
                "day", code: "not_a_date", zh: "请填写日期。", en: "Please give a day.", allowed: "YYYY-MM-DD")
        }
        return day
    }

    private func page(
        _ canteen: CanteenRecord, _ day: LocalDate, typed: [MenuMeal.Kind: String]?, problem: Problem?,
        _ context: BrightContext
    ) async throws -> Response {
        let words = PortalWords(runtime.pages, context)
        let path = "/disclosure/desk/canteens/\(canteen.canteenId.rawValue)/menu"
        let last = words.today.adding(days: Menu.daysAhead)
        let known = try await MenuStore.between(canteen.canteenId, words.today, last, commands.pool)
        let current = try await MenuStore.find(canteen.canteenId, day, commands.pool)
        let days = (0...Menu.daysAhead).map { offset in
            let date = words.today.adding(days: offset)
            let isKnown = known.contains { $0.day == date }
            return Day(
                path: "\(path)?day=\(date.iso)", label: "\(words.day(date)) \(words.text("weekday.d\(date.weekday)"))",
                text: words.text(isKnown ? "menu.there" : "menu.missing"), tone: isKnown ? "ok" : "plain",
                isCurrent: date == day)
        }
        let fields = MenuMeal.Kind.allCases.map { kind in
            FormField(
                kind.rawValue, label: words.text("menu.\(kind.rawValue)"),
                value: typed.map { $0[kind] ?? "" }
                    ?? current?.meals.first { $0.meal == kind }?.dishes.joined(separator: "\n") ?? "",
                kind: .area, hint: words.text("menu.hint"),
                fault: problem?.faults.first { $0.field == kind.rawValue }?.detail[context.language],
                isOptional: true)
        }
        return try runtime.pages.render(
            "menu", context,
            PageMeta(
                title: words.text("menu.title"),
                crumbs: [
                    Crumb(words.text("desk.title"), "/disclosure/desk/canteens/\(canteen.canteenId.rawValue)"),
                    Crumb(words.text("menu.title")),
                ], lead: "\(canteen.schoolName) · \(canteen.name)", current: "publishing"),
            model: Model(
                path: path, day: day.iso, dayLabel: "\(words.day(day)) \(words.text("weekday.d\(day.weekday)"))",
                days: days, fields: fields,
                hasFaults: problem != nil,
                faults: problem?.faults.map { .init(field: $0.field, detail: $0.detail[context.language]) } ?? [],
                isPublished: current != nil,
                publicPath: "/disclosure/canteens/\(canteen.canteenId.rawValue)#menu"),
            status: problem?.status ?? .ok)
    }
}
