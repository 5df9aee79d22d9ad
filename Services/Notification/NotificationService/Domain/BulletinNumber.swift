import Calendar

/// Number of a bulletin: `440703-TB-2026-000001` (division of the issuing organ, 通报, city-time year, gap-free counter).
enum BulletinNumber {
    static func text(prefix: String, year: Int, counter: Int) -> String {
        let digits = String(counter)
        return "\(prefix)-TB-\(year)-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Counters run per division of the issuing organ, so that two numbers can never be equal.
    static func prefix(of issuer: Organ) -> String { issuer.divisionCode }

    /// The year in which it is issued, by the city's clock.
    static func year(_ instant: Instant) -> Int { LocalDate(instant).year }
}
