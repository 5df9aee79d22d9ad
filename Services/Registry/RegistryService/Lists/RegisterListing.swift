import Postgres
import ServiceKit

/// A list of the register: read by page for people, by cursor for programs, whole for a file.
struct RegisterListing<Item: Sendable>: Sendable {
    static var batchSize: Int { 2_000 }

    let columns: SQL
    /// FROM and JOINs.
    let source: SQL
    /// Of programs and files.
    let order: ListOrder
    let decode: @Sendable (Row) throws -> Item

    private struct Placed {
        let item: Item
        let place: [String]
    }

    private func total(_ condition: SQL, _ executor: some PostgresExecutor) async throws -> Int {
        try await executor.first("SELECT count(*) AS n \(source) WHERE \(condition)") { row -> Int in
            try row["n"]
        } ?? 0
    }

    private func rows(
        _ condition: SQL, limit: Int, offset: Int, _ executor: some PostgresExecutor
    ) async throws -> [Placed] {
        try await executor.query(
            """
            SELECT \(columns), \(order.place) AS list_place \(source) WHERE \(condition)
            ORDER BY \(order.sql) LIMIT \(limit) OFFSET \(offset)
            """
        ) { Placed(item: try decode($0), place: try $0["list_place"]) }
    }

    /// For people: what needs attention first, as `attention` orders it.
    func page(
        _ condition: SQL, by attention: SQL, _ request: PageRequest, _ executor: some PostgresExecutor
    ) async throws -> PageOf<Item> {
        let total = try await total(condition, executor)
        let items = try await executor.query(
            """
            SELECT \(columns) \(source) WHERE \(condition)
            ORDER BY \(attention) LIMIT \(request.size) OFFSET \(request.offset)
            """, decode)
        return PageOf(items, of: request, total: total)
    }

    /// For programs: in the stable order, with the cursor of what follows.
    func page(
        _ condition: SQL, _ query: ListQuery, _ executor: some PostgresExecutor
    ) async throws -> ListPage<Item> {
        let total = try await total(condition, executor)
        var bounded = condition
        if let after = query.after { bounded = "(\(condition)) AND \(try order.isAfter(after))" }
        let found = try await rows(
            bounded, limit: query.page.size + 1, offset: query.after == nil ? query.page.offset : 0, executor)
        let shown = found.prefix(query.page.size)
        let next = found.count > shown.count ? try shown.last.map { try ListCursor.text($0.place) } : nil
        return ListPage(
            items: shown.map(\.item), page: query.after == nil ? query.page.number : nil, perPage: query.page.size,
            total: total, next: next)
    }

    /// Everything, in batches: memory holds one batch.
    func all(
        _ condition: SQL, _ executor: some PostgresExecutor, _ consume: ([Item]) throws -> Void
    ) async throws {
        var after: [String]?
        while true {
            var bounded = condition
            if let after { bounded = "(\(condition)) AND \(try order.isAfter(after))" }
            let rows = try await rows(bounded, limit: Self.batchSize, offset: 0, executor)
            try consume(rows.map(\.item))
            guard rows.count == Self.batchSize, let last = rows.last else { return }
            after = last.place
        }
    }
}
