import Calendar

extension Instant {
    /// Date and time in the city, to the minute: `2026-11-23 09:00`.
    public var cityMinute: String { String(rfc3339.prefix(16)).replacing("T", with: " ") }
}
