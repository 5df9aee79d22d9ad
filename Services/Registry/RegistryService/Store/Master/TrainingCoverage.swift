import Access
import Calendar
import Contracts
import Postgres
import ServiceKit

/// Trained of required (art 11), as one person may see it.
struct TrainingCoverage: Sendable {
    enum Grouping: String, CaseIterable, Sendable {
        /// The organ itself, and for schools the county regulator they stand under.
        case organ
        /// City, county, station, school.
        case level
        /// Kind of people: regulators, safety administrators, platform operators.
        case layer
        case school
    }

    struct Item: Encodable, Sendable {
        let group: String
        let required: Int
        let trained: Int
        /// Percent; absent where nobody is required.
        var rate: Int? { required == 0 ? nil : trained * 100 / required }

        private enum CodingKeys: String, CodingKey {
            case group, required, trained, rate
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(group, forKey: .group)
            try container.encode(required, forKey: .required)
            try container.encode(trained, forKey: .trained)
            try container.encode(rate, forKey: .rate)
        }
    }

    /// What all groups add up to; `groups` is their number.
    struct Totals: Sendable {
        let groups: Int
        let required: Int
        let trained: Int
    }

    let pool: PostgresPool
    /// How many days a training counts.
    let validDays: Int

    /// Groups by name; all of them without a page.
    func items(
        by grouping: Grouping, on day: LocalDate, for principal: Principal, page: PageRequest? = nil
    ) async throws -> [Item] {
        let slice: SQL = page.map { " LIMIT \($0.size) OFFSET \($0.offset)" } ?? ""
        return try await pool.query(groups(by: grouping, on: day, for: principal) + " ORDER BY label" + slice) {
            Item(group: try $0["label"], required: try $0["required"], trained: try $0["trained"])
        }
    }

    func totals(by grouping: Grouping, on day: LocalDate, for principal: Principal) async throws -> Totals {
        try await pool.first(
            """
            SELECT count(*) AS groups, coalesce(sum(required), 0)::bigint AS required,
                   coalesce(sum(trained), 0)::bigint AS trained
            FROM (\(groups(by: grouping, on: day, for: principal))) AS g
            """
        ) { Totals(groups: try $0["groups"], required: try $0["required"], trained: try $0["trained"]) }
            ?? Totals(groups: 0, required: 0, trained: 0)
    }

    private func groups(by grouping: Grouping, on day: LocalDate, for principal: Principal) -> SQL {
        let group: SQL =
            switch grouping {
            case .organ: "coalesce(o.name, co.name, '—')"
            case .level: "coalesce(o.level, 'school')"
            case .layer: "r.audience"
            case .school: "i.name"
            }
        let onlySchools: SQL = grouping == .school ? " AND i.id IS NOT NULL" : ""
        return """
            WITH \(Self.judged(on: day, validDays: validDays))
            SELECT \(group) AS label, count(*) AS required, count(*) FILTER (WHERE r.is_trained) AS trained
            FROM judged r LEFT JOIN organ o ON o.id = r.organ_id LEFT JOIN institution i ON i.id = r.institution_id
            LEFT JOIN LATERAL (SELECT county_organ_id FROM canteen WHERE institution_id = i.id LIMIT 1) k ON true
            LEFT JOIN organ co ON co.id = k.county_organ_id
            WHERE (\(MasterList.organiserReach(principal)))\(onlySchools)
            GROUP BY label
            """
    }

    /// Layers in which the person must be trained and is not.
    static func missing(
        _ person: PersonID, on day: LocalDate, validDays: Int, _ executor: some PostgresExecutor
    ) async throws -> [TrainingAudience] {
        try await executor.query(
            """
            WITH \(judged(on: day, validDays: validDays)) SELECT audience FROM judged WHERE person_id = \(person) AND NOT is_trained
            ORDER BY audience
            """
        ) { try $0["audience"] }
    }

    /// People of an institution with whether they are trained.
    static func trained(
        of institution: SchoolID, on day: LocalDate, validDays: Int, _ executor: some PostgresExecutor
    ) async throws -> [PersonID: Bool] {
        let rows = try await executor.query(
            """
            WITH \(judged(on: day, validDays: validDays)) SELECT person_id, bool_and(is_trained) AS is_trained FROM judged
            WHERE institution_id = \(institution) GROUP BY person_id
            """
        ) { row -> (PersonID, Bool) in (try row["person_id"], try row["is_trained"]) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }

    /// `judged`: who must be trained in what on this day, and whether a training within `validDays`, passed where it had an
    /// exam, is recorded.
    private static func judged(on day: LocalDate, validDays: Int) -> SQL {
        """
        required AS (
            SELECT DISTINCT person_id, audience, organ_id, institution_id FROM (
                SELECT person_id, organ_id, school_id AS institution_id, CASE
                    WHEN role IN ('city_regulator', 'county_regulator', 'station_officer', 'education_officer',
                                  'hr_officer') THEN 'regulators'
                    WHEN role IN ('principal', 'safety_lead', 'caterer') THEN 'safety_administrators'
                    WHEN role = 'platform_operator' THEN 'platform_operators' END AS audience
                FROM appointment WHERE valid_from <= \(day) AND coalesce(valid_to, \(day)) >= \(day)
                UNION ALL
                SELECT person_id, NULL, institution_id, CASE
                    WHEN kind IN ('video_keeper', 'data_keeper') THEN 'platform_operators'
                    ELSE 'safety_administrators' END
                FROM duty WHERE valid_from <= \(day) AND coalesce(valid_to, \(day)) >= \(day)
            ) AS people WHERE audience IS NOT NULL
        ), judged AS (
            SELECT q.*, EXISTS (
                SELECT FROM training_attendance a JOIN training_session s ON s.code = a.session_code
                WHERE a.person_id = q.person_id AND s.audience = q.audience
                    AND s.held_on BETWEEN \(day.adding(days: -validDays)) AND \(day)
                    AND (s.pass_mark IS NULL OR a.score >= s.pass_mark)) AS is_trained
            FROM required q
        )
        """
    }
}
