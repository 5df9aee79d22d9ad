import Calendar
import Contracts
import Journal
import Postgres

/// Lines of the list of single days → `meal-calendar.changed` for every canteen of the school.
struct MealDayImporter: LineImporter {
    let rules = MealDayLine.Rules()

    func keys(of line: MealDayLine) -> [UniqueKey] {
        [
            UniqueKey(
                code: .duplicateKey, column: MealDayColumn.day.rawValue, value: "\(line.creditCode) \(line.day.iso)")
        ]
    }

    func apply(
        _ lines: [NumberedLine<MealDayLine>], isFinal: Bool, _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws -> [LineOutcome] {
        let reference = try await InstitutionReference(creditCodes: lines.map(\.line.creditCode), transaction)
        var touched: [SchoolID] = []
        var outcomes: [LineOutcome] = []
        for line in lines.map(\.line) {
            guard let school = reference.institution(line.creditCode) else {
                outcomes.append(
                    InstitutionReference.unknownInstitution(MealDayColumn.creditCode.rawValue, line.creditCode))
                continue
            }
            let stored = try await transaction.first(
                "SELECT kind, note FROM meal_day WHERE institution_id = \(school.id) AND day = \(line.day)"
            ) { row in
                MealDayLine(
                    creditCode: line.creditCode, day: line.day, mealDay: try row["kind"], note: try row["note"])
            }
            guard stored != line else {
                outcomes.append(.unchanged)
                continue
            }
            try await transaction.execute(
                """
                INSERT INTO meal_day (institution_id, day, kind, note)
                VALUES (\(school.id), \(line.day), \(line.mealDay), \(line.note))
                ON CONFLICT (institution_id, day) DO UPDATE SET kind = excluded.kind, note = excluded.note
                """)
            if !touched.contains(school.id) { touched.append(school.id) }
            outcomes.append(stored == nil ? .added : .changed)
        }
        try await MealCalendarStore.publish(touched, scope, transaction)
        return outcomes
    }
}
