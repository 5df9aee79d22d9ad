import Calendar

/// Times as people read them, in the city's zone.
enum LocalTime {
    /// `2026-11-23 11:05`
    static func minute(_ instant: Instant) -> String {
        String(instant.rfc3339.prefix(16).replacing("T", with: " "))
    }

    /// `11:05`
    static func clock(_ instant: Instant) -> String {
        String(instant.rfc3339.prefix(16).suffix(5))
    }

    /// `2026-11-23`
    static func day(_ instant: Instant) -> String { LocalDate(instant).iso }

    /// The last day that still counts, for an exclusive end at midnight.
    static func lastDay(_ end: Instant) -> String {
        LocalDate(end - .microseconds(1)).iso
    }
}
