import Calendar
import Contracts
import Postgres

/// Training sessions and who attended them.
enum TrainingStore {
    /// The session as a line would state it.
    static func line(code: String, _ executor: some PostgresExecutor) async throws -> TrainingLine? {
        try await executor.first(
            """
            SELECT s.code, s.plan, s.title, s.audience, o.name AS organ, i.uscc, s.held_on, s.hours, s.pass_mark
            FROM training_session s LEFT JOIN organ o ON o.id = s.organ_id
            LEFT JOIN institution i ON i.id = s.institution_id WHERE s.code = \(code)
            """
        ) { row in
            TrainingLine(
                code: try row["code"], plan: try row["plan"], title: try row["title"], audience: try row["audience"],
                organ: try row["organ"], creditCode: try row["uscc"], heldOn: try row["held_on"],
                hours: try row["hours"], passMark: try row["pass_mark"])
        }
    }

    static func save(
        _ line: TrainingLine, organ: OrganID?, school: SchoolID?, _ transaction: PostgresTransaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO training_session (code, plan, title, audience, organ_id, institution_id, held_on, hours,
                                          pass_mark)
            VALUES (\(line.code), \(line.plan), \(line.title), \(line.audience), \(organ), \(school), \(line.heldOn),
                    \(line.hours), \(line.passMark))
            ON CONFLICT (code) DO UPDATE SET plan = excluded.plan, title = excluded.title,
                audience = excluded.audience, organ_id = excluded.organ_id,
                institution_id = excluded.institution_id, held_on = excluded.held_on, hours = excluded.hours,
                pass_mark = excluded.pass_mark
            """)
    }

    /// True where the person had an appointment or a duty on that day.
    static func isInOffice(
        _ person: PersonID, on day: LocalDate, _ executor: some PostgresExecutor
    ) async throws -> Bool {
        try await executor.first(
            """
            SELECT EXISTS (SELECT FROM appointment WHERE person_id = \(person) AND valid_from <= \(day)
                               AND coalesce(valid_to, \(day)) >= \(day))
                OR EXISTS (SELECT FROM duty WHERE person_id = \(person) AND valid_from <= \(day)
                               AND coalesce(valid_to, \(day)) >= \(day)) AS is_in_office
            """
        ) { try $0["is_in_office"] } ?? false
    }
}
