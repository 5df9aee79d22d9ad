import Hummingbird
import ServiceKit

/// What a request asks of a list: `q`, `sort`, one parameter per column, and a page or a cursor.
struct MasterQuery: Sendable {
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
        try ListQuery.requireKnown(request, Self.common + fields)
        let search = try request.query("q")
        if let search, search.count > ListQuery.maximumSearch {
            throw Problem.invalid(
                "q", code: "too_long", zh: "查询文字过长。", en: "The search text is too long.",
                allowed: "1…\(ListQuery.maximumSearch)")
        }
        self.search = search
        filters = try table.columns.filter { !$0.isSealed }.compactMap { column in
            try request.query(column.field).map { (column, $0) }
        }
        sort = try request.query("sort").map { try Self.sort($0, table) }
        page = try PageRequest(request)
        after = try request.query("after").map(ListCursor.values)
        if after != nil, sort != nil || page.number > 1 {
            throw Problem.invalid(
                "after", code: "not_with_sort", zh: "游标翻页不能与 sort、page 同用。",
                en: "A cursor does not go together with sort or page.")
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

    static func cursor(for row: MasterRow) throws -> String { try ListCursor.text(row.key) }
}
