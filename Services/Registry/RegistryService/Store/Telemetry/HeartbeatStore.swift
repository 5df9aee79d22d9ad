import Calendar
import Postgres

/// Up to when reports were taken in, by the way they came.
enum HeartbeatStore {
    enum Source: String, Sendable {
        case push
        case pull
    }

    static func beat(_ source: Source, through: Instant, _ database: some PostgresExecutor) async throws {
        try await database.execute(
            """
            INSERT INTO telemetry_heartbeat (source, through) VALUES (\(source), \(through))
            ON CONFLICT (source) DO UPDATE SET through = greatest(telemetry_heartbeat.through, excluded.through)
            """)
    }

    static func latest(_ database: some PostgresExecutor) async throws -> Instant? {
        try await database.first("SELECT max(through) AS through FROM telemetry_heartbeat") { row -> Instant? in
            try row["through"]
        } ?? nil
    }
}
