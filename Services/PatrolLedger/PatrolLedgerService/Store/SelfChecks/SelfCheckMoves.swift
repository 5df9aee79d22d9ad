import Calendar
import Contracts
import Postgres

extension PostgresExecutor {
    func selfCheckCanteens() async throws -> [SelfCheckCanteen] {
        try await query("SELECT canteen_id, school_id, operating, registered_at FROM canteen ORDER BY canteen_id") {
            SelfCheckCanteen(
                canteenId: try $0["canteen_id"], schoolId: try $0["school_id"], operating: try $0["operating"],
                registeredAt: try $0["registered_at"])
        }
    }

    /// Calendars as far as they are known; a canteen without one is not in it.
    func schoolCalendars() async throws -> [CanteenID: SchoolCalendar] {
        var calendars: [CanteenID: SchoolCalendar] = [:]
        let terms = try await query(
            "SELECT canteen_id, name, first_day, last_day FROM canteen_term ORDER BY canteen_id, first_day"
        ) { row -> CanteenTerm in
            CanteenTerm(
                canteenId: try row["canteen_id"],
                term: SchoolTerm(
                    name: try row["name"], startsOn: try row["first_day"], endsOn: try row["last_day"]))
        }
        for entry in terms { calendars[entry.canteenId, default: SchoolCalendar()].terms.append(entry.term) }
        let days = try await query("SELECT canteen_id, day, serves FROM canteen_day") { row -> CanteenDay in
            CanteenDay(canteenId: try row["canteen_id"], day: try row["day"], serves: try row["serves"])
        }
        for entry in days {
            if entry.serves {
                calendars[entry.canteenId, default: SchoolCalendar()].extraMealDays.insert(entry.day)
            } else {
                calendars[entry.canteenId, default: SchoolCalendar()].noMealDays.insert(entry.day)
            }
        }
        return calendars
    }

    func latestSelfChecks() async throws -> [CanteenID: [SelfCheckPeriod: LocalDate]] {
        var latest: [CanteenID: [SelfCheckPeriod: LocalDate]] = [:]
        let rows = try await query(
            "SELECT canteen_id, period, max(first_day) AS first_day FROM self_check GROUP BY canteen_id, period"
        ) { row -> LatestSelfCheck in
            LatestSelfCheck(
                canteenId: try row["canteen_id"], period: try row["period"], firstDay: try row["first_day"])
        }
        for row in rows { latest[row.canteenId, default: [:]][row.period] = row.firstDay }
        return latest
    }

    /// Open ones, and exempt ones whose period still runs.
    func undecidedSelfChecks(today: LocalDate) async throws -> [CanteenID: [UndecidedSelfCheck]] {
        let records = try await query(
            """
            SELECT \(SelfCheckRecord.columns) FROM self_check s
            WHERE s.state IN ('generated', 'in_progress') OR s.state = 'exempt' AND s.last_day >= \(today)
            ORDER BY s.canteen_id, s.first_day, s.period
            """, SelfCheckRecord.init)
        return Dictionary(grouping: records, by: \.canteenId).mapValues { checks in
            checks.map {
                UndecidedSelfCheck(
                    span: $0.span, state: $0.state, exemption: $0.exemption, dueBy: $0.dueBy,
                    isProvisional: $0.isProvisional, isOffered: $0.isOffered)
            }
        }
    }
}

private struct CanteenTerm: Sendable {
    var canteenId: CanteenID
    var term: SchoolTerm
}

private struct CanteenDay: Sendable {
    var canteenId: CanteenID
    var day: LocalDate
    var serves: Bool
}

private struct LatestSelfCheck: Sendable {
    var canteenId: CanteenID
    var period: SelfCheckPeriod
    var firstDay: LocalDate
}

extension PostgresTransaction {
    /// False when another process, or a report, was faster: then nothing changes.
    func carryOut(_ move: SelfCheckMove, _ canteen: SelfCheckCanteen, _ now: Instant) async throws -> Bool {
        switch move {
        case .generate(let span, let duty, let dueBy, let isOffered):
            var exemption: SelfCheckExemption?
            var isProvisional = false
            switch duty {
            case .due(let provisional): isProvisional = provisional
            case .exempt(let reason): exemption = reason
            }
            let state: SelfCheckState = exemption == nil ? .generated : .exempt
            return try await execute(
                """
                INSERT INTO self_check (canteen_id, school_id, period, first_day, last_day, due_by, state, exemption,
                    provisional, offered, generated_at)
                VALUES (\(canteen.canteenId), \(canteen.schoolId), \(span.period), \(span.firstDay), \(span.lastDay),
                    \(dueBy), \(state), \(exemption), \(isProvisional), \(isOffered), \(now))
                ON CONFLICT DO NOTHING
                """) == 1
        case .exempt(let check, let reason):
            return try await execute(
                """
                UPDATE self_check s SET state = 'exempt', exemption = \(reason)
                WHERE \(SelfCheckRecord.condition(SelfCheckKey(canteenId: canteen.canteenId, span: check.span)))
                    AND s.state IN ('generated', 'in_progress')
                """) == 1
        case .due(let check, let isProvisional):
            return try await execute(
                """
                UPDATE self_check s SET state = 'generated', exemption = NULL, provisional = \(isProvisional)
                WHERE \(SelfCheckRecord.condition(SelfCheckKey(canteenId: canteen.canteenId, span: check.span)))
                    AND s.state = 'exempt'
                """) == 1
        case .miss(let check):
            return try await execute(
                """
                UPDATE self_check s SET state = 'missed'
                WHERE \(SelfCheckRecord.condition(SelfCheckKey(canteenId: canteen.canteenId, span: check.span)))
                    AND s.state IN ('generated', 'in_progress')
                """) == 1
        }
    }
}
