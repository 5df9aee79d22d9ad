import Calendar

/// Times as people read them, in the city's zone.
enum DisplayTime {
    /// `2026-11-23 14:05`
    static func minute(_ instant: Instant) -> String {
        let text = instant.rfc3339
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
    }

    /// `2026-11-23 14:05:07.250`
    static func millisecond(_ instant: Instant) -> String {
        let text = instant.rfc3339
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(12))"
    }
}
