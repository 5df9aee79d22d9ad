import Calendar
import Contracts
import Postgres

/// The working-day calendar as the registry published it.
enum HolidayStore {
    /// Takes the days of the loaded years; those of other years stay.
    static func save(_ loaded: CalendarLoaded, _ transaction: PostgresTransaction) async throws {
        let years = Set(loaded.loadedYears)
        for year in loaded.loadedYears {
            try await transaction.execute("DELETE FROM holiday_year WHERE year = \(year)")
            try await transaction.execute(
                "INSERT INTO holiday_year (year, version) VALUES (\(year), \(loaded.calendarVersion))")
        }
        for (days, isOff) in [(loaded.daysOff, true), (loaded.workingDays, false)] {
            for day in days {
                // A December day may stand in the next year's notice.
                let year = years.contains(day.year) ? day.year : day.year + 1
                guard years.contains(year) else { continue }
                try await transaction.execute(
                    """
                    INSERT INTO holiday_day (year, day, is_off_day) VALUES (\(year), \(day), \(isOff))
                    ON CONFLICT (year, day) DO UPDATE SET is_off_day = excluded.is_off_day
                    """)
            }
        }
    }

    /// A year that was never loaded is unknown: deadlines that reach into it are provisional.
    static func calendar(_ executor: some PostgresExecutor) async throws -> WorkingCalendar {
        let versions = try await executor.query("SELECT year, version FROM holiday_year ORDER BY year") { row in
            Year(year: try row["year"], version: try row["version"])
        }
        let days = try await executor.query("SELECT year, day, is_off_day FROM holiday_day ORDER BY day") { row in
            Day(year: try row["year"], day: try row["day"], isOff: try row["is_off_day"])
        }
        var notices: [HolidayNotice] = []
        for version in versions {
            let own = days.filter { $0.year == version.year }
            guard !own.isEmpty else { continue }
            notices.append(
                HolidayNotice(
                    year: version.year, papers: ["calendar version \(version.version)"],
                    days: own.map { HolidayNotice.Day(name: "", date: $0.day, isOffDay: $0.isOff) }))
        }
        return try WorkingCalendar(notices: notices)
    }

    private struct Year: Sendable {
        let year: Int
        let version: String
    }

    private struct Day: Sendable {
        let year: Int
        let day: LocalDate
        let isOff: Bool
    }
}
