import Postgres

/// Entries of one journal by person, object, kind and time, newest first. For auditors only: log-only entries are in it.
public struct JournalSearch: Sendable {
    private let database: PostgresPool

    public init(database: PostgresPool) {
        self.database = database
    }

    public func count(_ filter: JournalFilter) async throws -> Int {
        try await database.first("SELECT count(*) AS n FROM journal j WHERE \(condition(filter))") { try $0["n"] } ?? 0
    }

    public func entries(_ filter: JournalFilter, limit: Int, offset: Int) async throws -> [LocatedEntry] {
        try await database.query(
            """
            SELECT \(JournalEntry.columns), l.index FROM journal j LEFT JOIN journal_leaf l USING (position)
            WHERE \(condition(filter)) ORDER BY j.position DESC LIMIT \(limit) OFFSET \(offset)
            """
        ) { row in
            let index: Int64? = try row["index"]
            return LocatedEntry(entry: try JournalEntry(row), leafIndex: index.map { UInt64($0) })
        }
    }

    private func condition(_ filter: JournalFilter) -> SQL {
        var parts: [SQL] = ["true"]
        if let actor = filter.actor { parts.append("j.actor = \(actor)") }
        if let subject = filter.subject { parts.append("j.subject = \(subject)") }
        if let prefix = filter.typePrefix { parts.append("starts_with(j.type, \(prefix))") }
        if let id = filter.correlationId { parts.append("j.correlation_id = \(id)") }
        if let from = filter.from { parts.append("j.occurred_at >= \(from)") }
        if let until = filter.until { parts.append("j.occurred_at < \(until)") }
        return parts.joined(separator: " AND ")
    }
}
