import Calendar
import Postgres

/// Refused reports by day, platform and reason.
enum RefusalStore {
    struct Key: Hashable, Sendable {
        let platform: String
        let reason: TelemetryRefusal
    }

    struct Count: Sendable {
        var reports: Int
        /// The beginning of one of them, printable.
        var example: String
    }

    struct Item: Sendable {
        let day: LocalDate
        let platform: String
        let reason: TelemetryRefusal
        let reports: Int
        let lastAt: Instant
        let example: String
    }

    static func add(_ counts: [Key: Count], now: Instant, _ transaction: PostgresTransaction) async throws {
        for (key, count) in counts.sorted(by: {
            ($0.key.platform, $0.key.reason.rawValue) < ($1.key.platform, $1.key.reason.rawValue)
        }) {
            try await transaction.execute(
                """
                INSERT INTO telemetry_refusal (day, platform, reason, reports, last_at, example)
                VALUES (\(LocalDate(now)), \(key.platform), \(key.reason), \(count.reports), \(now), \(count.example))
                ON CONFLICT (day, platform, reason) DO UPDATE
                SET reports = telemetry_refusal.reports + excluded.reports, last_at = excluded.last_at,
                    example = excluded.example
                """)
        }
    }

    static func since(_ day: LocalDate, _ database: some PostgresExecutor) async throws -> [Item] {
        try await database.query(
            """
            SELECT day, platform, reason, reports, last_at, example FROM telemetry_refusal WHERE day >= \(day)
            ORDER BY day DESC, reports DESC, platform, reason LIMIT 500
            """
        ) { row in
            Item(
                day: try row["day"], platform: try row["platform"], reason: try row["reason"],
                reports: try row["reports"], lastAt: try row["last_at"], example: try row["example"])
        }
    }

    static func purge(before: LocalDate, _ database: some PostgresExecutor) async throws {
        try await database.execute("DELETE FROM telemetry_refusal WHERE day < \(before)")
    }
}
