import Calendar
import Contracts
import Postgres

/// How complete a canteen's self-checks are in a span of days, by rhythm.
struct SelfCheckCompletion: Codable, Hashable, Sendable {
    var canteenId: CanteenID
    var canteenName: String
    var schoolId: SchoolID
    var schoolName: String
    var daily: Count
    var weekly: Count
    var monthly: Count

    struct Count: Codable, Hashable, Sendable {
        /// Submitted in time.
        var onTime: Int
        /// Submitted after the period: it stays missed.
        var madeUp: Int
        var missed: Int
        /// Still to be done.
        var open: Int
        var exempt: Int
        /// Exempt because nothing is known about the calendar: neither done nor missed.
        var unknown: Int
        /// Latest reports that are conspicuous.
        var flagged: Int

        /// Submitted in time ÷ (submitted in time + missed), per mille; absent where nothing was owed.
        var ratePermille: Int? {
            let owed = onTime + missed
            return owed == 0 ? nil : (onTime * 1000 + owed / 2) / owed
        }

        init(_ row: Row, _ prefix: String) throws {
            onTime = try row["\(prefix)_on_time"]
            madeUp = try row["\(prefix)_made_up"]
            missed = try row["\(prefix)_missed"]
            open = try row["\(prefix)_open"]
            exempt = try row["\(prefix)_exempt"]
            unknown = try row["\(prefix)_unknown"]
            flagged = try row["\(prefix)_flagged"]
        }
    }

    @Sendable init(_ row: Row) throws {
        canteenId = try row["canteen_id"]
        canteenName = try row["canteen_name"]
        schoolId = try row["school_id"]
        schoolName = try row["school_name"]
        daily = try Count(row, "daily")
        weekly = try Count(row, "weekly")
        monthly = try Count(row, "monthly")
    }

    /// The counters of one rhythm, as columns.
    fileprivate static func columns(_ period: SelfCheckPeriod) -> SQL {
        func column(_ name: String, _ condition: SQL) -> SQL {
            """
            count(*) FILTER (WHERE s.period = \(period.rawValue) AND \(condition))
                AS \(identifier: "\(period.rawValue)_\(name)")
            """
        }
        return """
            \(column("on_time", "s.state IN ('submitted', 'reviewed')")),
            \(column("made_up", "s.made_up_at IS NOT NULL")),
            \(column("missed", "s.state = 'missed'")),
            \(column("open", "s.state IN ('generated', 'in_progress')")),
            \(column("exempt", "s.state = 'exempt'")),
            \(column("unknown", "s.exemption = 'calendar_unknown'")),
            \(column("flagged", "cardinality(r.quality_flags) > 0"))
            """
    }

    /// `SELECT … FROM canteen c` with its self-checks that ended within the days; one row a canteen.
    static func statement(visible: SQL, from: LocalDate, to: LocalDate) -> SQL {
        """
        SELECT c.canteen_id, c.name AS canteen_name, c.school_id, c.school_name, \(columns(.daily)), \(columns(.weekly)),
            \(columns(.monthly))
        FROM canteen c
            LEFT JOIN self_check s ON s.canteen_id = c.canteen_id AND s.first_day <= \(to) AND s.last_day >= \(from)
            LEFT JOIN self_check_report r ON r.canteen_id = s.canteen_id AND r.period = s.period
                AND r.first_day = s.first_day AND r.version = s.version
        WHERE \(visible)
        GROUP BY c.canteen_id
        """
    }
}

extension PostgresExecutor {
    /// The least complete first.
    func selfCheckCompletion(
        visible: SQL, from: LocalDate, to: LocalDate, limit: Int, offset: Int
    ) async throws -> [SelfCheckCompletion] {
        try await query(
            """
            SELECT * FROM (\(SelfCheckCompletion.statement(visible: visible, from: from, to: to))) t
            ORDER BY daily_missed + weekly_missed + monthly_missed DESC, school_name, canteen_name, canteen_id
            LIMIT \(limit) OFFSET \(offset)
            """, SelfCheckCompletion.init)
    }

    func canteenCount(visible: SQL) async throws -> Int {
        try await first("SELECT count(*) AS n FROM canteen c WHERE \(visible)") { try $0["n"] as Int } ?? 0
    }
}
