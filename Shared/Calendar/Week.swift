/// A week Monday 00:00 – Sunday 24:00 in the city's zone, labelled as in ISO 8601 (`2026-W48`).
///
/// The notice says only 每星期 (art 7); Monday to Sunday is the interpretation of the design card, §3.5.
public struct Week: Hashable, Comparable, Sendable {
    /// The Monday.
    public let monday: LocalDate

    public init(containing date: LocalDate) {
        monday = date.adding(days: 1 - date.weekday)
    }

    public init(containing instant: Instant) {
        self.init(containing: LocalDate(instant))
    }

    /// Reads `YYYY-Www`; nil when the year has no such week.
    public init?(isoLabel text: some StringProtocol) {
        let parts = text.split(separator: "-W", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2, let year = Int(parts[0]),
            let number = Int(parts[1]), let fourth = LocalDate(year: year, month: 1, day: 4)
        else { return nil }
        // ISO 8601: 4 January is always in week 1.
        self.init(containing: fourth.adding(days: (number - 1) * 7))
        guard isoLabel == text else { return nil }
    }

    public var sunday: LocalDate { monday.adding(days: 6) }
    public var days: [LocalDate] { (0..<7).map { monday.adding(days: $0) } }

    /// Monday 00:00 in the city.
    public var start: Instant { monday.start }
    /// Monday 00:00 of the following week: the first instant that is not in this week.
    public var end: Instant { monday.adding(days: 7).start }
    public var next: Week { Week(containing: monday.adding(days: 7)) }
    public var previous: Week { Week(containing: monday.adding(days: -7)) }

    /// ISO 8601: the week belongs to the year of its Thursday.
    public var isoLabel: String {
        let thursday = monday.adding(days: 3)
        let firstOfYear = LocalDate(daysSinceEpoch: thursday.daysSinceEpoch).firstDayOfYear
        let number = (thursday.daysSinceEpoch - firstOfYear.daysSinceEpoch) / 7 + 1
        return "\(LocalDate.padded(thursday.year, 4))-W\(LocalDate.padded(number, 2))"
    }

    public static func < (left: Week, right: Week) -> Bool { left.monday < right.monday }
}

extension LocalDate {
    var firstDayOfYear: LocalDate {
        var date = self
        date = date.adding(days: -(date.day - 1))
        while date.month > 1 {
            date = date.adding(days: -1)
            date = date.adding(days: -(date.day - 1))
        }
        return date
    }
}
