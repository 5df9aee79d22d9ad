import Calendar
import Contracts
import Journal
import Postgres

/// Bulletin numbers that are passed over (作废号段): after a restore to an earlier moment others may hold documents with the next
/// numbers, so these are never given again. What was passed over is journalled.
struct BulletinNumberVoid: Sendable {
    struct Series: Encodable, Sendable {
        let prefix: String
        let year: Int
        let first: Int
        let last: Int
        let reason: String
    }

    /// Passes over the next `count` numbers of every division that has an organ, in the current year of the city.
    static func perform(
        _ count: Int, reason: String, at now: Instant, _ transaction: PostgresTransaction
    ) async throws -> [Series] {
        let year = BulletinNumber.year(now)
        let series = try await transaction.query(
            """
            INSERT INTO bulletin_counter AS c (prefix, year, last)
            SELECT DISTINCT division_code, \(year)::bigint, \(count)::bigint FROM organ ORDER BY division_code
            ON CONFLICT (prefix, year) DO UPDATE SET last = c.last + excluded.last
            RETURNING prefix, last
            """
        ) { row in
            let last: Int = try row["last"]
            return Series(
                prefix: try row["prefix"], year: year, first: last - count + 1, last: last, reason: reason)
        }
        for one in series {
            try await transaction.record(
                "brightkitchen.notification.bulletin.numbers-voided.v1", subject: one.prefix, data: one,
                EventContext(actor: .system("void-numbers"), correlationId: UUIDv7.string()), occurredAt: now)
        }
        return series
    }
}
