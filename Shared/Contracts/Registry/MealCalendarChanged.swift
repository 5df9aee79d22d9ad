import Calendar

/// When a school serves meals: terms (学期), days without meals (停餐日) and extra days. Replaces what was said before.
public struct MealCalendarChanged: Event {
    public static let type = "brightkitchen.registry.meal-calendar.changed.v1"
    public var topic: Topic { .registry }
    public var partitionKey: String { canteenId.rawValue }
    public var subject: String { canteenId.rawValue }

    /// Canteen; partition key. Every canteen of the school gets one.
    public var canteenId: CanteenID
    /// School.
    public var schoolId: SchoolID
    /// Terms, in order of their first day; empty = not known, never "no term".
    public var terms: [SchoolTerm]
    /// Days within a term on which no meal is served.
    public var noMealDays: [LocalDate]
    /// Days outside the ordinary days (weekend, holiday) on which meals are served.
    public var extraMealDays: [LocalDate]

    public init(
        canteenId: CanteenID,
        schoolId: SchoolID,
        terms: [SchoolTerm],
        noMealDays: [LocalDate],
        extraMealDays: [LocalDate]
    ) {
        self.canteenId = canteenId
        self.schoolId = schoolId
        self.terms = terms
        self.noMealDays = noMealDays
        self.extraMealDays = extraMealDays
    }
}
