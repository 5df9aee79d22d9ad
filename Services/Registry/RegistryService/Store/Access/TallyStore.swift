import Access
import Calendar
import Contracts
import Postgres

/// Counts per area: what dashboards add up instead of scanning canteens and cameras.
enum TallyStore {
    private struct Line: Encodable {
        let divisionCode: String
        let cityOrganId: String
        let countyOrganId: String
        let stationOrganId: String
        let supervisingOrganId: String
        let supervisingDepartment: String
        let canteens: Int
        let operating: Int
        let required: Int
        let connected: Int
        let running: Int
        let overdue: Int
        let early: Int
        let onTime: Int
        let late: Int
        let disclosed: Int
        let cameras: Int
        let camerasActive: Int
        let camerasDegraded: Int
        let camerasOffline: Int
        let camerasPending: Int
        let retained: Int
        let retentionKnown: Int

        init(_ key: AccessTally.Key, _ tally: AccessTally) {
            divisionCode = key.divisionCode
            cityOrganId = key.cityOrganId
            countyOrganId = key.countyOrganId
            stationOrganId = key.stationOrganId
            supervisingOrganId = key.supervisingOrganId
            supervisingDepartment = key.supervisingDepartment
            canteens = tally.canteens
            operating = tally.operating
            required = tally.required
            connected = tally.connected
            running = tally.running
            overdue = tally.overdue
            early = tally.early
            onTime = tally.onTime
            late = tally.late
            disclosed = tally.disclosed
            cameras = tally.cameras
            camerasActive = tally.camerasActive
            camerasDegraded = tally.camerasDegraded
            camerasOffline = tally.camerasOffline
            camerasPending = tally.camerasPending
            retained = tally.retained
            retentionKnown = tally.retentionKnown
        }
    }

    private static let counters = [
        "canteens", "operating", "required", "connected", "running", "overdue", "early", "on_time", "late", "disclosed",
        "cameras", "cameras_active", "cameras_degraded", "cameras_offline", "cameras_pending", "retained",
        "retention_known",
    ]
    private static let key: SQL = """
        division_code, city_organ_id, county_organ_id, station_organ_id, supervising_organ_id, supervising_department
        """
    private static let added = SQL(
        trusted: counters.map { "\($0) = t.\($0) + excluded.\($0)" }.joined(separator: ", "))
    private static let replaced = SQL(trusted: counters.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
    private static let sums = SQL(
        trusted: counters.map { "coalesce(sum(t.\($0)), 0)::int8 AS \($0)" }.joined(separator: ", "))

    /// Adds the differences, and keeps the day's row of the same areas in step.
    static func apply(
        _ differences: [AccessTally.Key: AccessTally], on day: LocalDate, _ transaction: PostgresTransaction
    ) async throws {
        let lines = differences.filter { !$0.value.isZero }.sorted {
            $0.key.parts.lexicographicallyPrecedes($1.key.parts)
        }
        .map { Line($0.key, $0.value) }
        guard !lines.isEmpty else { return }
        try await transaction.execute(
            """
            WITH changed AS (
                INSERT INTO access_tally AS t
                SELECT * FROM jsonb_populate_recordset(NULL::access_tally, \(json: lines))
                ON CONFLICT (\(key)) DO UPDATE SET \(added)
                RETURNING t.*
            )
            INSERT INTO access_tally_day AS d SELECT \(day), changed.* FROM changed
            ON CONFLICT (day, \(key)) DO UPDATE SET \(replaced)
            """)
    }

    /// A day on which nothing changes has its counts, too.
    static func openDay(_ day: LocalDate, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO access_tally_day SELECT \(day), t.* FROM access_tally t
            WHERE NOT EXISTS (SELECT FROM access_tally_day d WHERE d.day = \(day))
            ON CONFLICT DO NOTHING
            """)
    }

    private static func decode(_ row: Row) throws -> AccessTally {
        var tally = AccessTally()
        for (name, field) in zip(counters, AccessTally.fields) { tally[keyPath: field] = try row[name] }
        return tally
    }

    /// Sums by division, in the order of the codes.
    static func byDivision(
        _ scope: SQL, _ executor: some PostgresExecutor
    ) async throws -> [(division: String, tally: AccessTally)] {
        try await executor.query(
            """
            SELECT t.division_code, \(sums) FROM access_tally t WHERE \(scope)
            GROUP BY t.division_code HAVING sum(t.canteens) > 0 ORDER BY t.division_code
            """
        ) { (try $0["division_code"], try decode($0)) }
    }

    /// Sums by station, "" for canteens outside the area of any station.
    static func byStation(
        _ scope: SQL, _ executor: some PostgresExecutor
    ) async throws -> [(station: String, tally: AccessTally)] {
        try await executor.query(
            """
            SELECT t.station_organ_id, \(sums) FROM access_tally t WHERE \(scope)
            GROUP BY t.station_organ_id HAVING sum(t.canteens) > 0 ORDER BY t.station_organ_id
            """
        ) { (try $0["station_organ_id"], try decode($0)) }
    }

    /// Sums by day, oldest first.
    static func byDay(
        from first: LocalDate, to last: LocalDate, _ scope: SQL, _ executor: some PostgresExecutor
    ) async throws -> [(day: LocalDate, tally: AccessTally)] {
        try await executor.query(
            """
            SELECT t.day, \(sums) FROM access_tally_day t WHERE t.day BETWEEN \(first) AND \(last) AND \(scope)
            GROUP BY t.day ORDER BY t.day
            """
        ) { (try $0["day"], try decode($0)) }
    }
}
