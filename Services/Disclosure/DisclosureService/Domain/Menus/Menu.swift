import Calendar
import Contracts

/// A canteen's menu of one day (食谱), as the school discloses it.
struct Menu: Hashable, Sendable {
    /// How far ahead a menu may be given: the rest of this week and the two after it.
    static let daysAhead = 20
    static let mostDishes = 20
    static let longestDish = 30

    let canteenId: CanteenID
    let day: LocalDate
    let version: Int
    let meals: [MenuMeal]
    let publishedAt: Instant

    /// One dish a line; commas of either script separate too.
    static func dishes(_ text: String) -> [String] {
        text.split(whereSeparator: { $0.isNewline || "，、,;；".contains($0) }).map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(String(start.reversed()).drop(while: \.isWhitespace).reversed())
    }

    /// A menu of the past says what was eaten: it stays as it is.
    static func mayChange(_ day: LocalDate, today: LocalDate) -> Bool {
        day >= today && day <= today.adding(days: daysAhead)
    }
}
