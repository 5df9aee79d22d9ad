import Postgres

/// Seals what is not sealed with the current key yet: plain text of earlier versions, and texts under older keys.
///
/// In batches of one transaction each; it can be stopped at any time and run again.
public struct Resealing: Sendable {
    private static let batch = 500

    private let keys: PersonalDataKeys
    private let columns: [SealedColumn]

    public init(keys: PersonalDataKeys, columns: [SealedColumn]) {
        self.keys = keys
        self.columns = columns
    }

    /// Number of rows that were sealed anew. `all` seals every row, which also renews its lookup hash.
    @discardableResult
    public func run(_ pool: PostgresPool, all: Bool = false) async throws -> Int {
        var sealed = 0
        for column in columns {
            var after = ""
            while let last = try await reseal(column, after: after, all: all, pool, count: &sealed) { after = last }
        }
        return sealed
    }

    /// The last key of the batch; nil when there is no more.
    private func reseal(
        _ column: SealedColumn, after: String, all: Bool, _ pool: PostgresPool, count: inout Int
    ) async throws -> String? {
        let wanted: SQL = all ? "true" : "NOT starts_with(c.\(identifier: column.column), \(keys.currentPrefix))"
        let done = try await pool.transaction { tx in
            let rows = try await tx.query(
                """
                SELECT c.\(identifier: column.key) AS id, c.\(identifier: column.column) AS value
                FROM \(identifier: column.table) c
                WHERE c.\(identifier: column.column) IS NOT NULL AND c.\(identifier: column.key) > \(after) AND \(wanted)
                ORDER BY c.\(identifier: column.key) LIMIT \(Self.batch) FOR UPDATE
                """
            ) { row -> (id: String, value: String) in (try row["id"], try row["value"]) }
            for row in rows {
                let place = SealedPlace(column.table, column.column, row: row.id)
                let text = try SealedText(rawValue: row.value).map { try keys.open($0, at: place) } ?? row.value
                let sealed = try keys.seal(text, at: place)
                var change: SQL = "\(identifier: column.column) = \(sealed)"
                if let lookup = column.lookup {
                    change += ", \(identifier: lookup.column) = \(keys.lookupHash(text, domain: lookup.domain))"
                }
                try await tx.execute(
                    "UPDATE \(identifier: column.table) SET \(change) WHERE \(identifier: column.key) = \(row.id)")
            }
            return (rows.count, rows.last?.id)
        }
        count += done.0
        return done.1
    }
}
