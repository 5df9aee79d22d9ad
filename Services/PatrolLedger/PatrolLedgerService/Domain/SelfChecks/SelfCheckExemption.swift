/// Why a self-check is not owed (不供餐免除).
enum SelfCheckExemption: String, Codable, Hashable, CaseIterable, Sendable {
    /// 停餐日.
    case noMealDay = "no_meal_day"
    /// 假期: outside every term.
    case outsideTerm = "outside_term"
    case nonWorkingDay = "non_working_day"
    /// The canteen is closed, suspended or without a valid licence.
    case notOperating = "not_operating"
    /// Nothing came in, and whether meals were served is not known: unknown is neither done nor missed.
    case calendarUnknown = "calendar_unknown"
    /// The period in which the canteen was registered (or the platform began): offered, not owed.
    case registeredInPeriod = "registered_in_period"
}
