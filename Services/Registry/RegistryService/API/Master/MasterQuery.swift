import Foundation
import Hummingbird
import ServiceKit

/// What a request asks of a list: `q`, `sort`, one parameter per column, and a page or a cursor.
struct MasterQuery: Sendable {
    static let maximumSearch = 100
    static let common = ["q", "sort", "page", "per_page", "after"]

    let search: String?
    let filters: [(column: ListColumn, value: String)]
    let sort: (column: ListColumn, isDescending: Bool)?
    let page: PageRequest
    /// Key of the last row that the reader has.
    let after: [String]?

    /// 400 for a parameter that the list does not know, naming those it knows.
    init(_ request: Request, _ table: ListTable) throws {
        let fields = table.columns.filter { !$0.isSealed }.map(\.field)
        let names = Set(try Self.parameterNames(request))
        if let unknown = names.subtracting(Self.common + fields).sorted().first {
            throw Problem(
                .badRequest, code: "unknown_parameter",
                detail: LocalizedText(zh: "不认识的查询参数：\(unknown)", en: "Unknown query parameter: \(unknown)"),
                field: unknown, allowed: (Self.common + fields).joined(separator: ", "))
        }
        let search = try request.query("q")
        if let search, search.count > Self.maximumSearch {
            throw Problem.invalid(
                "q", code: "too_long", zh: "查询文字过长。", en: "The search text is too long.",
                allowed: "1…\(Self.maximumSearch)")
        }
        self.search = search
        filters = try table.columns.filter { !$0.isSealed }.compactMap { column in
            try request.query(column.field).map { (column, $0) }
        }
        sort = try request.query("sort").map { try Self.sort($0, table) }
        page = try PageRequest(request)
        after = try request.query("after").map(Self.cursor)
        if after != nil, sort != nil || page.number > 1 {
            throw Problem.invalid(
                "after", code: "not_with_sort", zh: "游标翻页不能与 sort、page 同用。",
                en: "A cursor does not go together with sort or page.")
        }
    }

    private static func parameterNames(_ request: Request) throws -> [String] {
        (request.uri.query ?? "").split(separator: "&").map { pair in
            let name = String(pair.prefix { $0 != "=" })
            return name.removingPercentEncoding ?? name
        }
    }

    private static func sort(_ text: String, _ table: ListTable) throws -> (ListColumn, Bool) {
        let isDescending = text.hasPrefix("-")
        guard let column = table.column(isDescending ? String(text.dropFirst()) : text), !column.isSealed else {
            throw Problem.invalid(
                "sort", code: "not_allowed", zh: "不能按此项排序。", en: "The list cannot be sorted by this.",
                allowed: table.columns.filter { !$0.isSealed }.map(\.field).joined(separator: ", ")
                    + "; - 在前为降序 (descending)")
        }
        return (column, isDescending)
    }

    static func cursor(for row: MasterRow) throws -> String {
        let json = try JSONEncoder().encode(row.key)
        return json.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func cursor(_ text: String) throws -> [String] {
        var base = text.replacing("-", with: "+").replacing("_", with: "/")
        while base.utf8.count % 4 != 0 { base += "=" }
        guard let data = Data(base64Encoded: base) else { throw malformed }
        do {
            let key = try JSONDecoder().decode([String].self, from: data)
            guard key.allSatisfy({ !$0.utf8.contains(0) }) else { throw malformed }
            return key
        } catch is DecodingError {
            throw malformed
        }
    }

    private static let malformed = Problem.invalid(
        "after", code: "not_a_cursor", zh: "游标无效，请从头读取。", en: "This is not a cursor of this list.",
        allowed: "next")
}
