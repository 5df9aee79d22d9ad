import Calendar
import Contracts
import Postgres

/// The share of time in which a camera delivered pictures, from its signal intervals.
enum SignalShareStore {
    /// What the connection rule looks at (art 5): the last 24 hours.
    static let window: Duration = .seconds(86_400)
    /// An open interval is believed for this long after the last report was taken in.
    static let trust: Duration = .seconds(600)

    /// Share of the window with pictures, 0…1. Time in which nobody reported counts as without.
    /// nil = unknown: no report is older than the window, or nobody reported anything in it.
    static func share(
        _ camera: CameraID, window: Duration = window, now: Instant, _ database: some PostgresExecutor
    ) async throws -> Double? {
        try await shares([camera], window: window, now: now, database)[camera]
    }

    /// The same for many cameras; those whose share is unknown are absent.
    static func shares(
        _ cameras: [CameraID], window: Duration = window, now: Instant, _ database: some PostgresExecutor
    ) async throws -> [CameraID: Double] {
        let start = now - window
        let rows = try await database.query(
            """
            WITH beat AS (SELECT max(through) + \(trust.microseconds) * interval '1 microsecond' AS until
                          FROM telemetry_heartbeat),
            part AS (
                SELECT camera_id, state, from_at, greatest(from_at, \(start)) AS begins,
                       least(coalesce(to_at, until, from_at), \(now)) AS ends
                FROM camera_signal_interval, beat
                WHERE camera_id = ANY(\(cameras)::text[]) AND from_at < \(now) AND (to_at IS NULL OR to_at > \(start))
            )
            SELECT camera_id, min(from_at) AS first_at,
                   coalesce(sum((extract(epoch FROM ends - begins) * 1000000)::bigint)
                            FILTER (WHERE state IN ('ok', 'degraded') AND ends > begins), 0)::bigint AS seen,
                   coalesce(sum((extract(epoch FROM ends - begins) * 1000000)::bigint)
                            FILTER (WHERE state <> 'unknown' AND ends > begins), 0)::bigint AS known
            FROM part GROUP BY camera_id
            """
        ) { row -> (camera: CameraID, first: Instant, seen: Int64, known: Int64) in
            (try row["camera_id"], try row["first_at"], try row["seen"], try row["known"])
        }
        var shares: [CameraID: Double] = [:]
        for row in rows where row.first <= start && row.known > 0 {
            shares[row.camera] = Double(row.seen) / Double(window.microseconds)
        }
        return shares
    }
}
