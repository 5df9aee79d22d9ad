import Foundation

/// One yearly notice of the State Council about days off and make-up working days, as a file `YYYY.json`.
///
/// Shape: `{"year": 2026, "papers": ["https://…"], "days": [{"name", "date", "isOffDay"}]}`. The year is the year of the
/// *notice*: a December date may stand in the next year's file, so a calendar needs year Y and Y + 1 of what is published.
public struct HolidayNotice: Codable, Hashable, Sendable {
    public struct Day: Codable, Hashable, Sendable {
        public var name: String
        public var date: LocalDate
        /// true = off, false = a working day, whatever the weekday.
        public var isOffDay: Bool

        public init(name: String, date: LocalDate, isOffDay: Bool) {
            self.name = name
            self.date = date
            self.isOffDay = isOffDay
        }
    }

    public var year: Int
    /// Addresses of the official papers; a notice without one is not a notice.
    public var papers: [String]
    public var days: [Day]

    public init(year: Int, papers: [String], days: [Day]) {
        self.year = year
        self.papers = papers
        self.days = days
    }

    /// Reads and validates a file. Throws `CalendarFault`.
    public static func read(_ data: Data) throws -> HolidayNotice {
        let notice: HolidayNotice
        do {
            notice = try JSONDecoder().decode(HolidayNotice.self, from: data)
        } catch {
            throw CalendarFault.unreadable(String(describing: error))
        }
        try notice.validate()
        return notice
    }

    /// Refuses what design card §3.3 names: no days, no papers, days of another year, one day with two values.
    public func validate() throws {
        // An empty file of next year exists before its notice is published: it says "unknown", never "no holidays".
        guard !days.isEmpty, !papers.isEmpty else { throw CalendarFault.notPublished(year: year) }
        var seen: [LocalDate: Bool] = [:]
        for day in days {
            guard day.date.year == year || (day.date.year == year - 1 && day.date.month == 12) else {
                throw CalendarFault.dayOutsideYear(day.date, year: year)
            }
            if let earlier = seen[day.date], earlier != day.isOffDay {
                throw CalendarFault.contradiction(day.date)
            }
            seen[day.date] = day.isOffDay
        }
    }
}

/// What is wrong with a calendar file, or with a question put to a calendar.
public enum CalendarFault: Error, Hashable, Sendable {
    case unreadable(String)
    /// The notice of that year has not been published (or not been loaded): unknown is not "no holidays".
    case notPublished(year: Int)
    case dayOutsideYear(LocalDate, year: Int)
    case contradiction(LocalDate)
    /// A deadline of less than one working day.
    case countNotPositive(Int)
}
