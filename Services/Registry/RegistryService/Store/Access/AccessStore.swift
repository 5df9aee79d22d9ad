import Calendar
import Contracts
import Postgres
import ServiceKit

/// Rows of `canteen_access`.
enum AccessStore {
    static let columns: SQL = """
        a.canteen_id, a.state, a.reason, a.clock, a.licence_number, a.started_on, a.deadline, a.provisional,
        a.calendar_version, a.reminded_day, a.registered_on, a.overdue_at, a.connected_at, a.timeliness, a.days,
        a.special_reason, a.special_note, a.next_at, a.unmet, a.canteen_name, a.school_id, a.school_name,
        a.division_code, a.station_organ_id, a.county_organ_id, a.city_organ_id, a.supervising_organ_id,
        a.supervising_department, a.operating, a.is_caterer, a.cameras, a.cameras_active, a.cameras_degraded,
        a.cameras_offline, a.cameras_pending, a.disclosed, a.retained, a.retention_known
        """

    static func decode(_ row: Row) throws -> AccessRecord {
        var record = AccessRecord(
            canteenId: try row["canteen_id"], registeredOn: try row["registered_on"],
            facts: AccessRecord.Facts(
                canteenName: try row["canteen_name"], schoolId: try row["school_id"],
                schoolName: try row["school_name"], divisionCode: try row["division_code"],
                stationOrganId: try row["station_organ_id"], countyOrganId: try row["county_organ_id"],
                cityOrganId: try row["city_organ_id"], supervisingOrganId: try row["supervising_organ_id"],
                supervisingDepartment: try row["supervising_department"], operating: try row["operating"],
                isCaterer: try row["is_caterer"]))
        record.state = try row["state"]
        record.reason = try row["reason"]
        record.clock = try row["clock"]
        record.licenceNumber = try row["licence_number"]
        record.startedOn = try row["started_on"]
        record.deadline = try row["deadline"]
        record.provisional = try row["provisional"]
        record.calendarVersion = try row["calendar_version"]
        record.remindedDay = try row["reminded_day"]
        record.overdueAt = try row["overdue_at"]
        record.connectedAt = try row["connected_at"]
        record.timeliness = try row["timeliness"]
        record.days = try row["days"]
        record.specialReason = try row["special_reason"]
        record.specialNote = try row["special_note"]
        record.nextAt = try row["next_at"]
        record.unmet = try row["unmet"]
        record.tally = AccessRecord.CameraTally(
            total: try row["cameras"], active: try row["cameras_active"], degraded: try row["cameras_degraded"],
            offline: try row["cameras_offline"], pending: try row["cameras_pending"], disclosed: try row["disclosed"],
            retained: try row["retained"], retentionKnown: try row["retention_known"])
        return record
    }

    static func find(_ id: CanteenID, _ executor: some PostgresExecutor) async throws -> AccessRecord? {
        try await executor.first("SELECT \(columns) FROM canteen_access a WHERE a.canteen_id = \(id)", decode)
    }

    /// The rows, locked in the order of their ids until the transaction ends. Rows that are missing are made by one
    /// transaction at a time, so that a clock starts once.
    static func lock(
        _ ids: [CanteenID], _ transaction: PostgresTransaction
    ) async throws -> [CanteenID: AccessRecord] {
        func read() async throws -> [CanteenID: AccessRecord] {
            let rows = try await transaction.query(
                """
                SELECT \(columns) FROM canteen_access a WHERE a.canteen_id = ANY(\(ids)::text[])
                ORDER BY a.canteen_id FOR UPDATE OF a
                """, decode)
            return Dictionary(rows.map { ($0.canteenId, $0) }, uniquingKeysWith: { $1 })
        }
        let found = try await read()
        guard found.count < Set(ids).count else { return found }
        try await transaction.execute("LOCK TABLE canteen_access IN SHARE ROW EXCLUSIVE MODE")
        return try await read()
    }

    /// Takes the oldest marks off the list. A mark that is written meanwhile is seen the next time.
    static func takeMarks(limit: Int, _ transaction: PostgresTransaction) async throws -> [CanteenID] {
        try await transaction.query(
            """
            DELETE FROM access_recheck WHERE number IN
                (SELECT number FROM access_recheck ORDER BY number LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            RETURNING canteen_id
            """
        ) { try $0["canteen_id"] }
    }

    static func mark(_ ids: [CanteenID], _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            "INSERT INTO access_recheck (canteen_id) SELECT unnest(\(ids)::text[])")
    }

    /// Canteens whose connection is being tested: their share of signal changes by time alone.
    static func markTested(_ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO access_recheck (canteen_id)
            SELECT canteen_id FROM canteen_access WHERE state IN ('building', 'applied', 'testing')
            """)
    }

    static func due(at now: Instant, limit: Int, _ transaction: PostgresTransaction) async throws -> [CanteenID] {
        try await transaction.query(
            """
            SELECT canteen_id FROM canteen_access WHERE next_at <= \(now) ORDER BY next_at, canteen_id
            LIMIT \(limit) FOR UPDATE SKIP LOCKED
            """
        ) { try $0["canteen_id"] }
    }

    /// Open clocks that were computed with another version of the calendar.
    static func outdated(version: Int, limit: Int, _ transaction: PostgresTransaction) async throws -> [CanteenID] {
        try await transaction.query(
            """
            SELECT canteen_id FROM canteen_access
            WHERE clock IN ('running', 'overdue') AND calendar_version < \(version)
            ORDER BY canteen_id LIMIT \(limit) FOR UPDATE SKIP LOCKED
            """
        ) { try $0["canteen_id"] }
    }

    /// The next moment at which time alone changes something.
    static func next(_ executor: some PostgresExecutor) async throws -> Instant? {
        try await executor.first("SELECT min(next_at) AS next_at FROM canteen_access") { row -> Instant? in
            try row["next_at"]
        } ?? nil
    }

    /// Writes all rows with one statement.
    static func save(_ records: [AccessRecord], _ transaction: PostgresTransaction) async throws {
        guard !records.isEmpty else { return }
        try await transaction.execute(
            """
            INSERT INTO canteen_access AS a
            SELECT * FROM jsonb_populate_recordset(NULL::canteen_access, \(json: records.map(AccessRow.init)))
            ON CONFLICT (canteen_id) DO UPDATE SET
                (state, reason, clock, licence_number, started_on, deadline, provisional, calendar_version,
                 reminded_day, overdue_at, connected_at, timeliness, days, special_reason, special_note, next_at,
                 unmet, is_ready, canteen_name, school_id, school_name, division_code, station_organ_id,
                 county_organ_id, city_organ_id, supervising_organ_id, supervising_department, operating, is_caterer,
                 cameras, cameras_active, cameras_degraded, cameras_offline, cameras_pending, disclosed, retained,
                 retention_known)
              = (excluded.state, excluded.reason, excluded.clock, excluded.licence_number, excluded.started_on,
                 excluded.deadline, excluded.provisional, excluded.calendar_version, excluded.reminded_day,
                 excluded.overdue_at, excluded.connected_at, excluded.timeliness, excluded.days,
                 excluded.special_reason, excluded.special_note, excluded.next_at, excluded.unmet, excluded.is_ready,
                 excluded.canteen_name, excluded.school_id, excluded.school_name, excluded.division_code,
                 excluded.station_organ_id, excluded.county_organ_id, excluded.city_organ_id,
                 excluded.supervising_organ_id, excluded.supervising_department, excluded.operating,
                 excluded.is_caterer, excluded.cameras, excluded.cameras_active, excluded.cameras_degraded,
                 excluded.cameras_offline, excluded.cameras_pending, excluded.disclosed, excluded.retained,
                 excluded.retention_known)
            """)
    }

    struct HistoryEntry: Sendable {
        let at: Instant
        let kind: String
        let detail: [String: String]
    }

    static func remember(
        _ entries: [(canteen: CanteenID, kind: String, detail: [String: String])], at now: Instant,
        _ transaction: PostgresTransaction
    ) async throws {
        guard !entries.isEmpty else { return }
        let details = try entries.map { String(decoding: try BrightJSON.encode($0.detail), as: UTF8.self) }
        try await transaction.execute(
            """
            INSERT INTO access_history (canteen_id, at, kind, detail)
            SELECT canteen, \(now), kind, detail::jsonb
            FROM unnest(\(entries.map(\.canteen))::text[], \(entries.map(\.kind))::text[], \(details)::text[])
                WITH ORDINALITY AS line (canteen, kind, detail, number) ORDER BY number
            """)
    }

    /// Newest first; the journal has all of it for ever.
    static func history(
        _ id: CanteenID, limit: Int, _ executor: some PostgresExecutor
    ) async throws -> [HistoryEntry] {
        try await executor.query(
            """
            SELECT at, kind, detail FROM access_history WHERE canteen_id = \(id) ORDER BY number DESC LIMIT \(limit)
            """
        ) { row in
            HistoryEntry(at: try row["at"], kind: try row["kind"], detail: try row.json("detail"))
        }
    }
}
