import Access
import Contracts
import PersonalData
import Postgres
import ServiceKit

/// Reads master tables, as one person may see them, or whole for `registry export`.
struct MasterList: Sendable {
    struct Page: Sendable {
        let rows: [MasterRow]
        let total: Int
        /// Cursor of the next page; nil at the end, and where the list is sorted otherwise than by its key.
        let next: String?
    }

    static let batchSize = 2_000

    let pool: PostgresPool
    let keys: PersonalDataKeys

    func page(_ table: ListTable, _ query: MasterQuery, for principal: Principal) async throws -> Page {
        let condition = Self.reach(table, principal) + Self.condition(table, query)
        let total = try await pool.first(
            "SELECT count(*) AS n \(SQL(trusted: table.source)) WHERE \(SQL(trusted: table.filter)) AND \(condition)"
        ) { row -> Int in try row["n"] }
        var bounded = condition
        if let after = query.after { bounded += try Self.beyond(after, table) }
        var order = table.order
        if let sort = query.sort {
            let direction: SQL = sort.isDescending ? " DESC NULLS LAST, " : " ASC NULLS LAST, "
            order = SQL(trusted: "(\(sort.column.expression))::text COLLATE \"C\"") + direction + order
        }
        let offset = query.after == nil ? query.page.offset : 0
        let found = try await rows(
            table, condition: bounded, order: order, limit: query.page.size + 1, offset: offset, pool)
        let rows = Array(found.prefix(query.page.size))
        let hasMore = found.count > rows.count && query.sort == nil
        return Page(
            rows: rows, total: total ?? 0, next: hasMore ? try rows.last.map(MasterQuery.cursor(for:)) : nil)
    }

    func count(_ table: ListTable, for principal: Principal) async throws -> Int {
        try await pool.first(
            """
            SELECT count(*) AS n \(SQL(trusted: table.source))
            WHERE \(SQL(trusted: table.filter)) AND \(Self.reach(table, principal))
            """
        ) { row -> Int in try row["n"] } ?? 0
    }

    /// One row in the person's reach.
    func row(_ table: ListTable, _ id: String, for principal: Principal) async throws -> MasterRow? {
        try await rows(
            table, condition: Self.reach(table, principal) + " AND \(table.identity) = \(id)", order: table.order,
            limit: 1, offset: 0, pool
        ).first
    }

    /// Rows in batches by key: memory stays small, and no row is passed over or told twice.
    func export(
        _ table: ListTable, condition: SQL = "true", _ executor: some PostgresExecutor,
        _ consume: ([MasterRow]) throws -> Void
    ) async throws {
        var after: [String]?
        while true {
            var bounded = condition
            if let after { bounded += try Self.beyond(after, table) }
            let rows = try await rows(
                table, condition: bounded, order: table.order, limit: Self.batchSize, offset: 0, executor)
            try consume(rows)
            guard rows.count == Self.batchSize, let last = rows.last else { return }
            after = last.key
        }
    }

    /// The reach of the person and what the query filters, for an export of what the list shows.
    static func condition(_ table: ListTable, _ query: MasterQuery, for principal: Principal) -> SQL {
        reach(table, principal) + condition(table, query)
    }

    func rows(
        _ table: ListTable, condition: SQL, order: SQL, limit: Int, offset: Int, _ executor: some PostgresExecutor
    ) async throws -> [MasterRow] {
        let key = SQL(trusted: "ARRAY[" + table.key.map { "(\($0))::text" }.joined(separator: ", ") + "]")
        return try await executor.query(
            """
            SELECT \(table.identity) AS row_id, \(key) AS row_key, \(table.cells) AS cells
            \(SQL(trusted: table.source)) WHERE \(SQL(trusted: table.filter)) AND \(condition)
            ORDER BY \(order) LIMIT \(limit) OFFSET \(offset)
            """
        ) { MasterRow(id: try $0["row_id"], key: try $0["row_key"], cells: try opened(table, try $0["cells"])) }
    }

    private func opened(_ table: ListTable, _ cells: [String]) throws -> [String] {
        guard table.columns.contains(where: \.isSealed) else { return cells }
        return try zip(table.columns, cells).map { column, cell in
            guard case .sealed(let name) = column.form, !cell.isEmpty else { return cell }
            let parts = cell.split(separator: "\u{1f}", maxSplits: 1).map(String.init)
            guard parts.count == 2, let sealed = SealedText(rawValue: parts[1]) else {
                throw PostgresError(
                    code: PostgresError.decoding, message: "column \(column.field) holds no sealed name",
                    column: column.field)
            }
            let person = PersonID(rawValue: parts[0])
            return switch name {
            case .account: try PersonName.open(sealed, of: person, keys)
            case .duty: try DutyPersonName.open(sealed, of: person, keys)
            }
        }
    }

    private static func beyond(_ key: [String], _ table: ListTable) throws -> SQL {
        guard key.count == table.key.count else {
            throw Problem.invalid(
                "after", code: "not_a_cursor", zh: "游标无效，请从头读取。", en: "This is not a cursor of this list.")
        }
        let values = key.map { value -> SQL in "\(value)::text" }.joined(separator: ", ")
        return " AND (\(table.order)) > (\(values))"
    }

    private static func condition(_ table: ListTable, _ query: MasterQuery) -> SQL {
        var condition: SQL = ""
        for filter in query.filters {
            condition += " AND (\(SQL(trusted: filter.column.expression)))::text = \(filter.value)"
        }
        if let search = query.search {
            let terms = table.search.map { expression -> SQL in
                SearchPattern.matches(SQL(trusted: expression), search)
            }
            condition += " AND (" + terms.joined(separator: " OR ") + ")"
        }
        return condition
    }

    /// A condition that the rows in the person's reach satisfy.
    private static func reach(_ table: ListTable, _ principal: Principal) -> SQL {
        switch table.reach {
        case .canteen: "(\(RegisterScope.condition(principal)))"
        case .institution: institutions(principal)
        case .everyone: "true"
        case .organiser: "(\(organiserReach(principal)))"
        }
    }

    private static func institutions(_ principal: Principal) -> SQL {
        """
        i.id IN (SELECT c.institution_id FROM canteen c JOIN institution i ON i.id = c.institution_id
                 WHERE \(RegisterScope.condition(principal)))
        """
    }

    /// A condition on `i` (institution) and `o` (organ): the person's schools, or organs.
    static func organiserReach(_ principal: Principal) -> SQL {
        "\(institutions(principal)) OR \(organs(principal))"
    }

    /// The person's own organ; for a city also its counties and stations, for a county its stations.
    private static func organs(_ principal: Principal) -> SQL {
        switch principal.role {
        case .cityRegulator:
            """
            o.department = 'market_supervision'
                AND left(o.division_code, 4) = \(String((principal.divisionCode ?? "").prefix(4)))
            """
        case .countyRegulator: "(o.id = \(principal.organId) OR o.parent_organ_id = \(principal.organId))"
        case .auditor: "o.id IS NOT NULL"
        default: "o.id = \(principal.organId)"
        }
    }
}
