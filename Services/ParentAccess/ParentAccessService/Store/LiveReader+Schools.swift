import Calendar
import Contracts
import Postgres

extension LiveReader {
    /// Calendars and contracts, of all schools or of these.
    func schools(_ ids: [String]? = nil) async throws -> [SchoolID: SchoolFacts] {
        var schools: [SchoolID: SchoolFacts] = [:]
        let only: SQL = ids.map { " WHERE school_id = ANY(\($0))" } ?? .empty
        let terms = try await pool.query(
            "SELECT school_id, name, first_day, last_day FROM school_term" + only + " ORDER BY first_day"
        ) { row -> (SchoolID, SchoolTerm) in
            (
                try row["school_id"],
                SchoolTerm(name: try row["name"], startsOn: try row["first_day"], endsOn: try row["last_day"])
            )
        }
        let days = try await pool.query("SELECT school_id, day, follows FROM school_day" + only) {
            row -> (SchoolID, LocalDate, Int) in (try row["school_id"], try row["day"], try row["follows"])
        }
        let contracts = try await pool.query(
            "SELECT contract_id, school_id, caterer_id, first_day, last_day FROM supply_contract" + only
        ) { row -> (SchoolID, SupplyContract) in
            (
                try row["school_id"],
                SupplyContract(
                    contractId: try row["contract_id"], catererId: try row["caterer_id"],
                    firstDay: try row["first_day"], lastDay: try row["last_day"])
            )
        }
        for (school, term) in terms { schools[school, default: .none].calendar.terms.append(term) }
        for (school, day, follows) in days {
            schools[school, default: .none].calendar.exceptions[day] =
                follows == 0 ? .closed : .follows(weekday: follows)
        }
        for (school, contract) in contracts { schools[school, default: .none].suppliers.append(contract) }
        return schools
    }

    func cityRules() async throws -> [CityRules] {
        try await pool.query("SELECT * FROM city_rules ORDER BY version") { row in
            let version: Int = try row["version"]
            guard let opens = TimeOfDay(text: try row["opens"] as String),
                let closes = TimeOfDay(text: try row["closes"] as String),
                let limits = CityLimits(opens: opens, closes: closes)
            else {
                throw PostgresError(
                    code: PostgresError.decoding, message: "city_rules holds no times of day", column: "opens")
            }
            return CityRules(
                version: String(version), effectiveFrom: try row["effective_from"], limits: limits,
                streams: StreamLimits(
                    perSchool: try row["streams_per_school"], perPerson: try row["streams_per_person"]),
                quota: try row["quota"], guestDays: try row["guest_days"])
        }
    }
}
