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

    /// 发文字号 as it stands on the document: `〔2026〕1号`. nil for a text of another form.
    static func document(_ number: String) -> String? {
        let parts = number.split(separator: "-")
        guard parts.count == 4, let counter = Int(parts[3]) else { return nil }
        return "〔\(parts[2])〕\(counter)号"
    }
}
