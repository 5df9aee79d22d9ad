/// One page of a list with its total, for JSON (`items`, `page`, `per_page`, `total`) and for the pager of a page.
public struct PageOf<Item: Sendable>: Sendable {
    public let items: [Item]
    public let page: Int
    public let perPage: Int
    public let total: Int

    public init(_ items: [Item], of request: PageRequest, total: Int) {
        self.items = items
        page = request.number
        perPage = request.size
        self.total = total
    }

    public var pageCount: Int { max(1, (total + perPage - 1) / perPage) }

    /// For the partial `bright/pager`: links keep `path` and add `page`.
    public func pager(path: String) -> Pager {
        let separator = path.contains("?") ? "&" : "?"
        return Pager(
            page: page, pageCount: pageCount, total: total,
            previous: page > 1 ? "\(path)\(separator)page=\(page - 1)" : nil,
            next: page < pageCount ? "\(path)\(separator)page=\(page + 1)" : nil)
    }
}

extension PageOf: Encodable where Item: Encodable {}

/// What the pager of a page shows.
public struct Pager: Sendable {
    public let page: Int
    public let pageCount: Int
    public let total: Int
    public let previous: String?
    public let next: String?
}
