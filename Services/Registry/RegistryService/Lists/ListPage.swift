import ServiceKit

/// A page of a list for programs: `next` is the cursor of what follows, absent at the end.
struct ListPage<Item: Sendable>: Sendable {
    let items: [Item]
    /// Absent where the page was asked for by cursor.
    let page: Int?
    let perPage: Int
    let total: Int
    let next: String?

    func map<Other: Sendable>(_ transform: (Item) throws -> Other) rethrows -> ListPage<Other> {
        ListPage<Other>(items: try items.map(transform), page: page, perPage: perPage, total: total, next: next)
    }
}

extension ListPage: Encodable where Item: Encodable {}
