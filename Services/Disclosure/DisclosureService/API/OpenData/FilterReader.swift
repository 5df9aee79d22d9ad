import Contracts
import Hummingbird
import ServiceKit

/// Reads what a list of canteens is asked for, the same for pages and JSON.
enum FilterReader {
    static let defaultLimit = 50
    static let maximumLimit = 200
    static let names = [
        "q", "division", "township", "school_type", "grade", "complete", "operating", "caterer", "open_problems",
        "sort",
    ]

    static func filter(_ query: OpenDataQuery) throws -> CanteenFilter {
        var filter = CanteenFilter()
        if let text = query["q"] {
            guard text.count <= CanteenFilter.maximumTextLength else {
                throw Problem.invalid(
                    "q", code: "too_long", zh: "搜索内容太长。", en: "The search text is too long.",
                    allowed: "1…\(CanteenFilter.maximumTextLength)")
            }
            filter.text = text
        }
        if let code = query["division"] { filter.division = try division(code) }
        filter.township = query["township"]
        filter.schoolType = try query.choice("school_type")
        filter.grade = try query.choice("grade")
        filter.isComplete = try query.boolean("complete")
        filter.isOperating = try query.boolean("operating")
        filter.isCaterer = try query.boolean("caterer")
        filter.hasOpenProblems = try query.boolean("open_problems")
        filter.order = try query.choice("sort") ?? .place
        return filter
    }

    static func division(_ code: String) throws -> Division {
        guard let division = Division.named(code) else {
            throw Problem.invalid(
                "division", code: "unknown_division", zh: "没有这个县（市、区）。", en: "There is no such division.",
                allowed: Division.all.map(\.code).joined(separator: ", "))
        }
        return division
    }
}
