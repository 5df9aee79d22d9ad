/// Why a week grid is refused. The raw value is the stable problem code.
enum WindowFault: String, Error, Sendable {
    /// The grid has no window at all.
    case empty = "window_missing"
    /// A weekday outside 1 … 7.
    case weekday = "window_weekday"
    /// Only one of from and to is filled, or not `HH:MM`.
    case incomplete = "window_incomplete"
    /// `to` is not later than `from`.
    case order = "window_order"
    /// Part of the window lies outside the city's limits (for example 22:00–06:00).
    case outsideCityLimit = "window_outside_city_limit"
    /// More windows than a day may have.
    case tooMany = "window_too_many"
}
