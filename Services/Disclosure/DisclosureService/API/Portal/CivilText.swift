import Calendar
import ServiceKit

/// Days and times in words of the reader's language, always in the city's zone.
enum CivilText {
    static func day(_ day: LocalDate, _ language: Language) -> String {
        switch language {
        case .zh: "\(day.year)年\(day.month)月\(day.day)日"
        case .en: "\(day.day) \(months[day.month - 1]) \(day.year)"
        }
    }

    static func day(_ instant: Instant, _ language: Language) -> String {
        day(LocalDate(instant), language)
    }

    static func time(_ instant: Instant, _ language: Language) -> String {
        // `2026-11-23T10:05:…`: the city's clock time is characters 11 to 15.
        let clock = instant.rfc3339.dropFirst(11).prefix(5)
        return "\(day(instant, language)) \(clock)"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
