import Contracts
import Hummingbird
import ServiceKit

/// Reads what a list of canteens is asked for, the same for pages and JSON.
enum FilterReader {
    static let defaultLimit = 50
    static let maximumLimit = 200
    static let names = [
        "q", "division", "township", "school_type", "grade", "complete", "operating", "caterer", "open_problems",
        "near", "radius", "sort",
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
        filter.near = try near(query)
        filter.order = try query.choice("sort") ?? (filter.near == nil ? .place : .distance)
        if filter.order == .distance, filter.near == nil { throw placeMissing(field: "sort") }
        return filter
    }

    private static func near(_ query: OpenDataQuery) throws -> CanteenFilter.Nearby? {
        guard let text = query["near"] else {
            if query["radius"] != nil { throw placeMissing(field: "radius") }
            return nil
        }
        guard let place = Place(text: text) else {
            throw Problem.invalid(
                "near", code: "not_a_place", zh: "请填写“纬度,经度”（WGS-84，十进制度）。",
                en: "Please give latitude,longitude in decimal degrees (WGS-84).",
                allowed: "-90…90,-180…180, at most 6 decimals, e.g. 22.605,113.073")
        }
        return CanteenFilter.Nearby(
            place: place,
            radius: try query.integer(
                "radius", in: CanteenFilter.Nearby.radii, default: CanteenFilter.Nearby.usualRadius))
    }

    private static func placeMissing(field: String) -> Problem {
        Problem.invalid(
            field, code: "place_missing", zh: "须与 near=纬度,经度 一起使用。", en: "This needs near=latitude,longitude.",
            allowed: "together with near")
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
