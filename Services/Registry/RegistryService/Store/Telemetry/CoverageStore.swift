import Calendar
import Contracts
import Postgres

/// Coverage by camera and day, and where each camera stands.
enum CoverageStore {
    /// A camera as the computation needs it.
    struct Subject: Hashable, Sendable {
        let camera: CameraID
        let gbId: String
        let canteen: CanteenID
        let school: SchoolID
        let division: String
        let since: Instant
        let oldest: Instant?
        let regime: RetentionRegime
        let promisedDays: Int?

        var minimumDays: Int { RetentionStanding.minimumDays(regime, promised: promisedDays) }
    }

    struct Day: Hashable, Sendable {
        let camera: CameraID
        let day: LocalDate
        let recordedMs: Int64
        let operatingMs: Int64
        let gaps: RecordedSpans
        let state: DayCoverage.State
        let isStale: Bool
    }

    struct Standing: Hashable, Sendable {
        let state: RetentionStanding.State
        let minimumDays: Int
        let coveredDays: Int
        let recordedMs: Int64
        let operatingMs: Int64
        let throughDay: LocalDate
    }

    private static let subject: SQL = """
        SELECT k.id, k.gb_id, k.canteen_id, c.institution_id, i.division_code, w.since, w.oldest_recording,
               coalesce(p.regime, 'undetermined') AS regime, p.promised_days
        FROM camera_watch w JOIN camera k ON k.id = w.camera_id JOIN canteen c ON c.id = k.canteen_id
        JOIN institution i ON i.id = c.institution_id LEFT JOIN camera_retention_policy p ON p.camera_id = k.id
        """

    private static func decodeSubject(_ row: Row) throws -> Subject {
        Subject(
            camera: try row["id"], gbId: try row["gb_id"], canteen: try row["canteen_id"],
            school: try row["institution_id"], division: try row["division_code"], since: try row["since"],
            oldest: try row["oldest_recording"], regime: try row["regime"], promisedDays: try row["promised_days"])
    }

    /// Cameras that were in use before `end`, by id, after one.
    static func subjects(
        inUseBefore end: Instant, after: String, limit: Int, _ executor: some PostgresExecutor
    ) async throws -> [Subject] {
        try await executor.query(
            "\(subject) WHERE k.status <> 'pending' AND w.since < \(end) AND k.id > \(after) ORDER BY k.id LIMIT \(limit)",
            decodeSubject)
    }

    static func subjects(_ cameras: [CameraID], _ executor: some PostgresExecutor) async throws -> [Subject] {
        try await executor.query("\(subject) WHERE k.id = ANY(\(cameras)::text[]) ORDER BY k.id", decodeSubject)
    }

    static func write(_ days: [(CameraID, LocalDate, DayCoverage)], now: Instant, _ transaction: PostgresTransaction)
        async throws
    {
        for (camera, day, coverage) in days {
            try await transaction.execute(
                """
                INSERT INTO camera_day_coverage (camera_id, day, recorded_ms, operating_ms, gaps, state, computed_at)
                VALUES (\(camera), \(day), \(coverage.recordedMs), \(coverage.operatingMs),
                        \(coverage.gaps.flatMap { [$0.from, $0.to] }), \(coverage.state), \(now))
                ON CONFLICT (camera_id, day) DO UPDATE SET recorded_ms = excluded.recorded_ms,
                    operating_ms = excluded.operating_ms, gaps = excluded.gaps, state = excluded.state,
                    computed_at = excluded.computed_at, is_stale = false
                """)
        }
    }

    static func write(
        _ standings: [(CameraID, RetentionStanding)], through: LocalDate, _ transaction: PostgresTransaction
    ) async throws {
        for (camera, standing) in standings {
            try await transaction.execute(
                """
                INSERT INTO camera_retention (camera_id, state, minimum_days, covered_days, recorded_ms, operating_ms,
                                              through_day)
                VALUES (\(camera), \(standing.state), \(standing.minimumDays), \(standing.coveredDays),
                        \(standing.recordedMs), \(standing.operatingMs), \(through))
                ON CONFLICT (camera_id) DO UPDATE SET state = excluded.state, minimum_days = excluded.minimum_days,
                    covered_days = excluded.covered_days, recorded_ms = excluded.recorded_ms,
                    operating_ms = excluded.operating_ms, through_day = excluded.through_day
                """)
        }
    }

    static func days(
        of cameras: [CameraID], from: LocalDate, through: LocalDate, _ executor: some PostgresExecutor
    ) async throws -> [Day] {
        try await executor.query(
            """
            SELECT camera_id, day, recorded_ms, operating_ms, gaps, state, is_stale FROM camera_day_coverage
            WHERE camera_id = ANY(\(cameras)::text[]) AND day BETWEEN \(from) AND \(through) ORDER BY camera_id, day
            """
        ) { row in
            Day(
                camera: try row["camera_id"], day: try row["day"], recordedMs: try row["recorded_ms"],
                operatingMs: try row["operating_ms"], gaps: RecordedSpans(stored: try row["gaps"]),
                state: try row["state"], isStale: try row["is_stale"])
        }
    }

    static func standing(of camera: CameraID, _ executor: some PostgresExecutor) async throws -> Standing? {
        try await executor.first(
            """
            SELECT state, minimum_days, covered_days, recorded_ms, operating_ms, through_day FROM camera_retention
            WHERE camera_id = \(camera)
            """
        ) { row in
            Standing(
                state: try row["state"], minimumDays: try row["minimum_days"], coveredDays: try row["covered_days"],
                recordedMs: try row["recorded_ms"], operatingMs: try row["operating_ms"],
                throughDay: try row["through_day"])
        }
    }

    /// Days to be computed again, the oldest first.
    static func stale(
        through: LocalDate, limit: Int, _ transaction: PostgresTransaction
    ) async throws -> [(CameraID, LocalDate)] {
        try await transaction.query(
            """
            SELECT camera_id, day FROM camera_day_coverage WHERE is_stale AND day <= \(through)
            ORDER BY day, camera_id LIMIT \(limit) FOR UPDATE SKIP LOCKED
            """
        ) { (try $0["camera_id"], try $0["day"]) }
    }

    static func setPolicy(
        _ camera: CameraID, _ regime: RetentionRegime, promisedDays: Int?, now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO camera_retention_policy (camera_id, regime, promised_days, changed_at)
            VALUES (\(camera), \(regime), \(promisedDays), \(now))
            ON CONFLICT (camera_id) DO UPDATE SET regime = excluded.regime, promised_days = excluded.promised_days,
                changed_at = excluded.changed_at
            """)
        // Counted again with the next look.
        try await transaction.execute(
            """
            UPDATE camera_day_coverage SET is_stale = true
            WHERE camera_id = \(camera) AND day = (SELECT max(day) FROM camera_day_coverage WHERE camera_id = \(camera))
            """)
    }
}
