import Foundation
import Hummingbird
import ServiceKit

/// Reads what a list is asked for from the query string, the same for pages and JSON.
enum FilterReader {
    static let defaultLimit = 50
    static let maximumLimit = 200

    static func filter(_ request: Request) throws -> CanteenFilter {
        var filter = CanteenFilter()
        if let text = try request.query("q") {
            guard text.count <= CanteenFilter.maximumTextLength else {
                throw Problem.invalid(
                    "q", code: "too_long", zh: "搜索内容太长。", en: "The search text is too long.",
                    allowed: "1…\(CanteenFilter.maximumTextLength)")
            }
            filter.text = text
        }
        if let code = try request.query("division") {
            guard let division = Division.named(code) else {
                throw Problem.invalid(
                    "division", code: "unknown_division", zh: "没有这个县（市、区）。", en: "There is no such division.",
                    allowed: Division.all.map(\.code).joined(separator: ", "))
            }
            filter.division = division
        }
        return filter
    }

    static func limit(_ request: Request) throws -> Int {
        guard let text = try request.query("limit") else { return defaultLimit }
        guard let limit = Int(text), (1...maximumLimit).contains(limit) else {
            throw Problem.invalid(
                "limit", code: "not_in_range", zh: "每页数量超出范围。", en: "The limit is out of range.",
                allowed: "1…\(maximumLimit)")
        }
        return limit
    }

    static func cursor(_ request: Request) throws -> CanteenCursor? {
        guard let text = try request.query("cursor") else { return nil }
        let refusal = Problem.invalid(
            "cursor", code: "not_a_cursor", zh: "翻页标记无效，请从头开始。",
            en: "This is not a cursor of this list. Start from the beginning.", allowed: "next_cursor")
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard text.utf8.count <= 2048, let data = Data(base64Encoded: padded) else { throw refusal }
        do {
            let cursor = try BrightJSON.decode(CanteenCursor.self, from: Array(data))
            guard WellFormed.isText(cursor.schoolName), WellFormed.isIdentifier(cursor.canteenId.rawValue),
                WellFormed.isIdentifier(cursor.divisionCode)
            else { throw refusal }
            return cursor
        } catch is Problem {
            throw refusal
        }
    }

    static func text(of cursor: CanteenCursor) throws -> String {
        Data(try BrightJSON.encode(cursor)).base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_").replacing("=", with: "")
    }
}
