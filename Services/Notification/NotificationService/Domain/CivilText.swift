import Calendar

/// Times as officials and schools read them: city time, no seconds.
enum CivilText {
    /// `2026年11月23日 14:05`.
    static func chinese(_ instant: Instant) -> String {
        let date = LocalDate(instant)
        return "\(date.year)年\(date.month)月\(date.day)日 \(time(instant))"
    }

    /// `2026年11月23日`.
    static func day(_ instant: Instant) -> String {
        let date = LocalDate(instant)
        return "\(date.year)年\(date.month)月\(date.day)日"
    }

    /// `2026-11-23 14:05`.
    static func short(_ instant: Instant) -> String {
        "\(LocalDate(instant).iso) \(time(instant))"
    }

    private static func time(_ instant: Instant) -> String {
        // RFC 3339 in the city's zone: characters 11 to 15 are HH:MM.
        String(instant.rfc3339.dropFirst(11).prefix(5))
    }
}
