import Calendar
import Journal
import Postgres

/// Deletes personal data whose retention is over, as the inventory says, and records in the journal that it did.
public struct RetentionPurge: Sendable {
    private static let batch = 1_000

    private let service: String
    private let entries: [PersonalDataInventory.Entry]
    private let pool: PostgresPool

    public init(service: String, inventory: PersonalDataInventory, pool: PostgresPool) {
        self.service = service
        self.pool = pool
        entries = inventory.entries(of: service).filter { $0.retention != nil }
    }

    /// What was deleted: no personal data, only how much of what.
    public struct Purged: Codable, Hashable, Sendable {
        public let table: String
        public let rows: Int
        public let olderThan: Instant
    }

    @discardableResult
    public func run(now: Instant) async throws -> [Purged] {
        var all: [Purged] = []
        for entry in entries {
            guard let retention = entry.retention else { continue }
            let cutoff = now - .seconds(86_400) * retention.days
            var rows = 0
            while true {
                let done = try await purge(entry, retention.since, cutoff, now: now)
                rows += done
                if done < Self.batch { break }
            }
            if rows > 0 { all.append(Purged(table: entry.table, rows: rows, olderThan: cutoff)) }
        }
        return all
    }

    /// One batch and its entry in the journal, or neither.
    private func purge(
        _ entry: PersonalDataInventory.Entry, _ since: PersonalDataInventory.Since, _ cutoff: Instant, now: Instant
    ) async throws -> Int {
        let old: SQL
        if let table = since.table, let key = since.key {
            old = """
                EXISTS (SELECT FROM \(identifier: table) s WHERE s.\(identifier: key) = t.\(identifier: key)
                        AND s.\(identifier: since.column) < \(cutoff)::timestamptz)
                """
        } else {
            old = "t.\(identifier: since.column) < \(cutoff)::timestamptz"
        }
        return try await pool.transaction { tx in
            let rows = try await tx.execute(
                """
                DELETE FROM \(identifier: entry.table) WHERE ctid IN
                    (SELECT t.ctid FROM \(identifier: entry.table) t WHERE \(old) LIMIT \(Self.batch))
                """)
            guard rows > 0 else { return 0 }
            try await tx.record(
                "brightkitchen.\(service).privacy.purged.v1", subject: entry.table,
                data: Purged(table: entry.table, rows: rows, olderThan: cutoff),
                EventContext(
                    actor: .system("retention"), correlationId: "purge-\(entry.table)-\(now.rfc3339.prefix(10))"),
                occurredAt: now)
            return rows
        }
    }
}
