import Calendar
import Contracts
import Postgres

/// Meal calendars and contracts as the registry tells them. Safe to repeat.
enum SchoolStore {
    /// Replaces what was said before. Every canteen of a school brings the same calendar.
    static func save(_ calendar: MealCalendarChanged, _ tx: PostgresTransaction) async throws {
        let school = calendar.schoolId
        try await tx.execute("DELETE FROM school_term WHERE school_id = \(school)")
        try await tx.execute("DELETE FROM school_day WHERE school_id = \(school)")
        for term in calendar.terms {
            try await tx.execute(
                """
                INSERT INTO school_term (school_id, name, first_day, last_day)
                VALUES (\(school), \(term.name), \(term.startsOn), \(term.endsOn)) ON CONFLICT DO NOTHING
                """)
        }
        let closed = calendar.noMealDays.map { ($0, 0) }
        let extra = calendar.extraMealDays.map { ($0, SchoolCalendar.followed(by: $0)) }
        for (day, follows) in extra + closed {
            try await tx.execute(
                """
                INSERT INTO school_day (school_id, day, follows) VALUES (\(school), \(day), \(follows))
                ON CONFLICT (school_id, day) DO UPDATE SET follows = excluded.follows
                """)
        }
    }

    static func save(_ contract: ContractStarted, _ tx: PostgresTransaction) async throws {
        try await tx.execute(
            """
            INSERT INTO supply_contract (contract_id, school_id, caterer_id, first_day, last_day)
            VALUES (\(contract.contractId), \(contract.schoolId), \(contract.catererId), \(contract.startsOn),
                \(contract.endsOn))
            ON CONFLICT (contract_id) DO UPDATE SET first_day = excluded.first_day, last_day = excluded.last_day
            """)
    }

    /// Expiry comes after the last day; everything else closes the caterer's cameras at once.
    static func end(_ contract: ContractEnded, _ tx: PostgresTransaction) async throws {
        let lastDay = contract.reason == "expired" ? contract.endedOn : contract.endedOn.adding(days: -1)
        try await tx.execute(
            """
            INSERT INTO supply_contract (contract_id, school_id, caterer_id, first_day, last_day)
            VALUES (\(contract.contractId), \(contract.schoolId), \(contract.catererId), \(contract.endedOn),
                \(lastDay))
            ON CONFLICT (contract_id) DO UPDATE SET
                last_day = least(coalesce(supply_contract.last_day, excluded.last_day), excluded.last_day)
            """)
    }
}
