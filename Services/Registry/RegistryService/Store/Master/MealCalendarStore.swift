import Calendar
import Contracts
import Journal
import Postgres

/// Terms and single days of institutions.
enum MealCalendarStore {
    static func terms(_ institution: SchoolID, _ executor: some PostgresExecutor) async throws -> [SchoolTerm] {
        try await executor.query(
            "SELECT name, starts_on, ends_on FROM school_term WHERE institution_id = \(institution) ORDER BY starts_on"
        ) { SchoolTerm(name: try $0["name"], startsOn: try $0["starts_on"], endsOn: try $0["ends_on"]) }
    }

    static func days(
        _ institution: SchoolID, _ kind: MealDayKind, _ executor: some PostgresExecutor
    ) async throws -> [LocalDate] {
        try await executor.query(
            "SELECT day FROM meal_day WHERE institution_id = \(institution) AND kind = \(kind) ORDER BY day"
        ) { try $0["day"] }
    }

    /// Tells every canteen's stream the whole calendar of these institutions.
    static func publish(
        _ institutions: [SchoolID], _ scope: ImportScope, _ transaction: PostgresTransaction
    ) async throws {
        for school in institutions {
            let terms = try await terms(school, transaction)
            let none = try await days(school, .none, transaction)
            let extra = try await days(school, .extra, transaction)
            let canteens = try await transaction.query(
                "SELECT id FROM canteen WHERE institution_id = \(school) ORDER BY id"
            ) { row -> CanteenID in try row["id"] }
            try await transaction.publish(
                canteens.map {
                    MealCalendarChanged(
                        canteenId: $0, schoolId: school, terms: terms, noMealDays: none, extraMealDays: extra)
                }, scope.context, occurredAt: scope.now)
        }
    }
}
