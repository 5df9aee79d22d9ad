import Calendar
import Contracts
import Postgres

/// Which spans of each day the recorders hold.
enum RecordingStore {
    struct Key: Hashable, Sendable {
        let camera: CameraID
        let day: LocalDate
    }

    /// Joins spans to what is known of these days. The same spans again change nothing.
    static func add(_ spans: [Key: RecordedSpans], now: Instant, _ transaction: PostgresTransaction) async throws {
        guard !spans.isEmpty else { return }
        let keys = spans.keys.sorted { ($0.camera.rawValue, $0.day) < ($1.camera.rawValue, $1.day) }
        // Rows are made first, so that two writers of one day wait for each other.
        try await transaction.execute(
            """
            INSERT INTO camera_recording_day (camera_id, day, spans, changed_at)
            SELECT camera_id, day, '{}', \(now)
            FROM unnest(\(keys.map(\.camera))::text[], \(keys.map(\.day))::date[]) AS k (camera_id, day)
            ON CONFLICT DO NOTHING
            """)
        let known = try await transaction.query(
            """
            SELECT r.camera_id, r.day, r.spans FROM camera_recording_day r
            JOIN unnest(\(keys.map(\.camera))::text[], \(keys.map(\.day))::date[]) AS k (camera_id, day)
                USING (camera_id, day)
            ORDER BY r.camera_id, r.day FOR UPDATE OF r
            """
        ) { row -> (Key, RecordedSpans) in
            (Key(camera: try row["camera_id"], day: try row["day"]), RecordedSpans(stored: try row["spans"]))
        }
        var changed: [Key: RecordedSpans] = [:]
        for (key, old) in known {
            let new = old.union(spans[key] ?? RecordedSpans())
            if new != old { changed[key] = new }
        }
        try await write(changed, now: now, transaction)
    }

    /// What the recorder holds of these days, whatever was known before.
    static func replace(_ spans: [Key: RecordedSpans], now: Instant, _ transaction: PostgresTransaction) async throws {
        let keys = Array(spans.keys)
        let known = try await transaction.query(
            """
            SELECT r.camera_id, r.day, r.spans FROM camera_recording_day r
            JOIN unnest(\(keys.map(\.camera))::text[], \(keys.map(\.day))::date[]) AS k (camera_id, day)
                USING (camera_id, day)
            """
        ) { row -> (Key, RecordedSpans) in
            (Key(camera: try row["camera_id"], day: try row["day"]), RecordedSpans(stored: try row["spans"]))
        }
        let before = Dictionary(known) { $1 }
        try await write(spans.filter { before[$0.key] != $0.value }, now: now, transaction)
    }

    private static func write(
        _ spans: [Key: RecordedSpans], now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        guard !spans.isEmpty else { return }
        let rows = spans.sorted { ($0.key.camera.rawValue, $0.key.day) < ($1.key.camera.rawValue, $1.key.day) }
        for (key, value) in rows {
            try await transaction.execute(
                """
                INSERT INTO camera_recording_day (camera_id, day, spans, changed_at)
                VALUES (\(key.camera), \(key.day), \(value.stored), \(now))
                ON CONFLICT (camera_id, day) DO UPDATE SET spans = excluded.spans, changed_at = excluded.changed_at
                """)
        }
        // A day that was computed before is computed again.
        try await transaction.execute(
            """
            UPDATE camera_day_coverage c SET is_stale = true
            FROM unnest(\(rows.map(\.key.camera))::text[], \(rows.map(\.key.day))::date[]) AS k (camera_id, day)
            WHERE c.camera_id = k.camera_id AND c.day = k.day AND NOT c.is_stale
            """)
    }

    static func days(
        of cameras: [CameraID], from: LocalDate, through: LocalDate, _ database: some PostgresExecutor
    ) async throws -> [Key: RecordedSpans] {
        let rows = try await database.query(
            """
            SELECT camera_id, day, spans FROM camera_recording_day
            WHERE camera_id = ANY(\(cameras)::text[]) AND day BETWEEN \(from) AND \(through)
            """
        ) { row -> (Key, RecordedSpans) in
            (Key(camera: try row["camera_id"], day: try row["day"]), RecordedSpans(stored: try row["spans"]))
        }
        return Dictionary(rows) { $1 }
    }

    /// Spans are kept for as long as days may be computed again; coverage itself stays.
    static func purge(before: LocalDate, _ database: some PostgresExecutor) async throws {
        try await database.execute("DELETE FROM camera_recording_day WHERE day < \(before)")
    }
}
