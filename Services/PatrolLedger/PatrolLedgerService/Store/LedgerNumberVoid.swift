import Calendar
import Contracts
import Journal
import Postgres

/// Ledger numbers that are passed over (作废号段): after a restore to an earlier moment others may hold entries with the next numbers,
/// so these are never given again. What was passed over is journalled.
struct LedgerNumberVoid: Sendable {
    struct Series: Encodable, Sendable {
        let organMark: String
        let year: Int
        let first: Int
        let last: Int
        let reason: String
    }

    /// Passes over the next `count` numbers of every organ, in the current year of the city.
    static func perform(
        _ count: Int, reason: String, at now: Instant, _ transaction: PostgresTransaction
    ) async throws -> [Series] {
        let year = LocalDate(now).year
        let series = try await transaction.query(
            """
            WITH passed AS (
                INSERT INTO ledger_counter AS c (organ_id, year, last_number)
                SELECT organ_id, \(year)::bigint, \(count)::bigint FROM organ ORDER BY organ_id
                ON CONFLICT (organ_id, year) DO UPDATE SET last_number = c.last_number + excluded.last_number
                RETURNING organ_id, last_number
            )
            SELECT ledger_mark, last_number FROM passed JOIN organ USING (organ_id) ORDER BY ledger_mark
            """
        ) { row in
            let last: Int = try row["last_number"]
            return Series(
                organMark: try row["ledger_mark"], year: year, first: last - count + 1, last: last, reason: reason)
        }
        for one in series {
            try await transaction.record(
                "brightkitchen.patrol.ledger.numbers-voided.v1", subject: one.organMark, data: one,
                EventContext(actor: .system("void-numbers"), correlationId: UUIDv7.string()), occurredAt: now)
        }
        return series
    }
}
