import Contracts
import Journal
import Postgres

extension Subscription {
    /// Terms, days without meals, extra days: the event replaces what was said before about this canteen.
    static let mealCalendars = Subscription.on(MealCalendarChanged.self) { received, transaction in
        let event = received.event
        try await transaction.execute("DELETE FROM canteen_term WHERE canteen_id = \(event.canteenId)")
        try await transaction.execute("DELETE FROM canteen_day WHERE canteen_id = \(event.canteenId)")
        for term in event.terms {
            try await transaction.execute(
                """
                INSERT INTO canteen_term (canteen_id, name, first_day, last_day)
                VALUES (\(event.canteenId), \(term.name), \(term.startsOn), \(term.endsOn)) ON CONFLICT DO NOTHING
                """)
        }
        // A day named by both lists serves meals: the extra day is the more particular statement.
        for (days, serves) in [(event.extraMealDays, true), (event.noMealDays, false)] where !days.isEmpty {
            try await transaction.execute(
                """
                INSERT INTO canteen_day (canteen_id, day, serves)
                SELECT \(event.canteenId), day, \(serves) FROM unnest(\(days)::date[]) AS day
                ON CONFLICT (canteen_id, day) DO NOTHING
                """)
        }
    }
}
