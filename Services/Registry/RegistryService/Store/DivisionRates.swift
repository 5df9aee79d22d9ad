import Calendar
import Contracts
import Postgres

/// Online and retention numbers of a division on a day, projected by the monitor about once a minute: dashboards read
/// these rows and count nothing themselves. One row a day stays, for trends.
public struct DivisionRates: Hashable, Sendable {
    public let divisionCode: String
    public let day: LocalDate
    /// All registered cameras.
    public let cameras: Int
    public let pending: Int
    public let active: Int
    public let degraded: Int
    public let offline: Int
    /// Of the cameras in use those that nobody reports: their state is the last one known, not a known one.
    public let unobserved: Int
    public let retentionMet: Int
    public let retentionShort: Int
    public let retentionAccumulating: Int
    public let retentionUnproven: Int
    public let openFaults: Int
    public let asOf: Instant

    public var inUse: Int { active + degraded + offline }
    /// Share of cameras in use that deliver pictures; nil without cameras.
    public var onlineRate: Double? { inUse == 0 ? nil : Double(active + degraded) / Double(inUse) }
    /// Share of cameras with proven recordings among those that must have them by now; nil without such.
    public var retentionRate: Double? {
        let due = retentionMet + retentionShort + retentionUnproven
        return due == 0 ? nil : Double(retentionMet) / Double(due)
    }

    private static let columns: SQL = """
        division_code, day, cameras, pending, active, degraded, offline, unobserved, retention_met, retention_short,
        retention_accumulating, retention_unproven, open_faults, as_of
        """

    private static func decode(_ row: Row) throws -> DivisionRates {
        DivisionRates(
            divisionCode: try row["division_code"], day: try row["day"], cameras: try row["cameras"],
            pending: try row["pending"], active: try row["active"], degraded: try row["degraded"],
            offline: try row["offline"], unobserved: try row["unobserved"], retentionMet: try row["retention_met"],
            retentionShort: try row["retention_short"], retentionAccumulating: try row["retention_accumulating"],
            retentionUnproven: try row["retention_unproven"], openFaults: try row["open_faults"],
            asOf: try row["as_of"])
    }

    /// The newest row of every division, by code.
    static func current(_ database: some PostgresExecutor) async throws -> [DivisionRates] {
        try await database.query(
            """
            SELECT \(columns) FROM division_rate r
            WHERE day = (SELECT max(day) FROM division_rate m WHERE m.division_code = r.division_code)
            ORDER BY division_code
            """, decode)
    }

    /// A division day by day, oldest first.
    static func history(
        of division: String, from: LocalDate, _ database: some PostgresExecutor
    ) async throws -> [DivisionRates] {
        try await database.query(
            """
            SELECT \(columns) FROM division_rate WHERE division_code = \(division) AND day >= \(from) ORDER BY day
            """, decode)
    }

    /// Counts everything once and writes today's rows.
    static func refresh(now: Instant, _ transaction: PostgresTransaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO division_rate (\(columns))
            SELECT i.division_code, \(LocalDate(now)), count(*), count(*) FILTER (WHERE k.status = 'pending'),
                count(*) FILTER (WHERE k.status = 'active'), count(*) FILTER (WHERE k.status = 'degraded'),
                count(*) FILTER (WHERE k.status = 'offline'),
                count(*) FILTER (WHERE k.status <> 'pending' AND (s.state IS NULL OR s.state = 'unknown')),
                count(*) FILTER (WHERE k.status <> 'pending' AND t.state = 'met'),
                count(*) FILTER (WHERE k.status <> 'pending' AND t.state = 'short'),
                count(*) FILTER (WHERE k.status <> 'pending' AND (t.state IS NULL OR t.state = 'accumulating')),
                count(*) FILTER (WHERE k.status <> 'pending' AND t.state = 'unproven'),
                coalesce(max(f.open), 0), \(now)
            FROM camera k JOIN canteen c ON c.id = k.canteen_id JOIN institution i ON i.id = c.institution_id
            LEFT JOIN camera_signal_interval s ON s.camera_id = k.id AND s.to_at IS NULL
            LEFT JOIN camera_retention t ON t.camera_id = k.id
            LEFT JOIN (SELECT division_code, count(*) AS open FROM device_fault
                       WHERE state NOT IN ('recovered', 'closed') GROUP BY division_code) f
                ON f.division_code = i.division_code
            GROUP BY i.division_code
            ON CONFLICT (division_code, day) DO UPDATE SET
                cameras = excluded.cameras, pending = excluded.pending, active = excluded.active,
                degraded = excluded.degraded, offline = excluded.offline, unobserved = excluded.unobserved,
                retention_met = excluded.retention_met, retention_short = excluded.retention_short,
                retention_accumulating = excluded.retention_accumulating,
                retention_unproven = excluded.retention_unproven, open_faults = excluded.open_faults,
                as_of = excluded.as_of
            """)
    }
}
