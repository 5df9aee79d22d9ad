import Calendar
import Contracts
import Journal
import Postgres
import ServiceKit

/// Publishes a day's menu.
enum MenuDesk {
    /// The dishes of each meal as they were typed; an empty meal is not served. 422 naming the field.
    static func meals(_ typed: [MenuMeal.Kind: String]) throws -> [MenuMeal] {
        var meals: [MenuMeal] = []
        for kind in MenuMeal.Kind.allCases {
            let field = kind.rawValue
            let dishes = Menu.dishes(typed[kind] ?? "")
            guard dishes.count <= Menu.mostDishes else {
                throw Problem.invalid(
                    field, code: "too_many", zh: "每餐最多 \(Menu.mostDishes) 道菜。",
                    en: "At most \(Menu.mostDishes) dishes a meal.", allowed: "≤ \(Menu.mostDishes)")
            }
            for dish in dishes {
                guard dish.count <= Menu.longestDish else {
                    throw Problem.invalid(
                        field, code: "too_long", zh: "菜名最多 \(Menu.longestDish) 个字，一行一道菜。",
                        en: "A dish has at most \(Menu.longestDish) characters; one dish a line.",
                        allowed: "≤ \(Menu.longestDish)")
                }
                try PersonalDataScreen.check(field: field, text: dish)
            }
            if !dishes.isEmpty { meals.append(MenuMeal(meal: kind, dishes: dishes)) }
        }
        guard !meals.isEmpty else {
            throw Problem.invalid(
                MenuMeal.Kind.lunch.rawValue, code: "missing", zh: "请至少填写一餐。", en: "Please fill in one meal at least.",
                allowed: "one dish a line")
        }
        return meals
    }

    /// The next version of the day; the same menu again changes nothing.
    static func publish(
        _ meals: [MenuMeal], of canteen: CanteenID, on day: LocalDate, _ actor: ItemDesk.Actor,
        _ transaction: PostgresTransaction
    ) async throws {
        guard Menu.mayChange(day, today: LocalDate(actor.now)) else {
            throw Problem.invalid(
                "day", code: "not_in_range", zh: "只能填写今天起 \(Menu.daysAhead) 天内的食谱，过去的食谱不能修改。",
                en: "From today to \(Menu.daysAhead) days ahead; a menu of the past stays as it is.",
                allowed: "\(LocalDate(actor.now).iso)…\(LocalDate(actor.now).adding(days: Menu.daysAhead).iso)")
        }
        let publication = Publication(transaction: transaction, context: actor.context, now: actor.now)
        try await publication.lock(canteen)
        let before = try await MenuStore.find(canteen, day, transaction)
        guard before?.meals != meals else { return }
        let menu = Menu(
            canteenId: canteen, day: day, version: (before?.version ?? 0) + 1, meals: meals, publishedAt: actor.now)
        try await MenuStore.insert(menu, by: actor.principal.personId, transaction)
        try await transaction.publish(
            MenuPublished(
                canteenId: canteen, day: day, version: menu.version, meals: meals, publishedAt: actor.now),
            actor.context, occurredAt: actor.now)
    }
}
