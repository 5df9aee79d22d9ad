import Calendar
import Foundation
import Testing

/// Golden vectors of design card §3.4 and amendment vectors, against the notice files of 2019–2026.
struct WorkingCalendarTests {
    static func notice(_ year: Int) throws -> HolidayNotice {
        let url = try #require(
            Bundle.module.url(forResource: "\(year)", withExtension: "json", subdirectory: "Fixtures/workdays"))
        return try HolidayNotice.read(Data(contentsOf: url))
    }

    static func published() throws -> WorkingCalendar {
        try WorkingCalendar(notices: (2019...2026).map(notice))
    }

    @Test(
        "ten working days, start day not counted, deadline day inclusive",
        arguments: [
            ("2020-12-09", "2020-12-23"), ("2020-12-18", "2021-01-04"), ("2021-02-05", "2021-02-24"),
            ("2021-02-10", "2021-03-02"), ("2021-04-23", "2021-05-10"), ("2021-04-30", "2021-05-18"),
            ("2021-09-17", "2021-10-08"), ("2021-09-24", "2021-10-13"), ("2022-01-28", "2022-02-16"),
            ("2023-09-28", "2023-10-18"), ("2024-02-07", "2024-02-27"), ("2024-09-13", "2024-09-29"),
            ("2024-09-29", "2024-10-17"), ("2025-01-24", "2025-02-13"), ("2025-04-28", "2025-05-15"),
            ("2025-09-26", "2025-10-16"), ("2026-02-13", "2026-03-05"), ("2026-02-14", "2026-03-06"),
            ("2026-02-28", "2026-03-13"), ("2026-04-29", "2026-05-15"), ("2026-09-20", "2026-10-10"),
            ("2026-09-21", "2026-10-12"), ("2026-09-28", "2026-10-16"), ("2026-10-10", "2026-10-23"),
            ("2026-11-23", "2026-12-07"), ("2026-12-16", "2026-12-30"), ("2026-12-17", "2026-12-31"),
        ])
    func tenWorkingDays(start: String, expected: String) throws {
        let deadline = try Self.published().deadline(from: #require(LocalDate(iso: start)), workingDays: 10)
        #expect(deadline.date.iso == expected)
        #expect(!deadline.isProvisional)
    }

    @Test(arguments: [(5, "2026-02-27"), (7, "2026-03-02"), (15, "2026-03-12"), (20, "2026-03-19")])
    func otherCountsAcrossSpringFestival(count: Int, expected: String) throws {
        let deadline = try Self.published().deadline(from: #require(LocalDate(iso: "2026-02-13")), workingDays: count)
        #expect(deadline.date.iso == expected)
    }

    @Test func aDeadlineThatNeedsAnUnpublishedYearIsProvisional() throws {
        let deadline = try Self.published().deadline(from: #require(LocalDate(iso: "2026-12-18")), workingDays: 10)
        #expect(deadline.isProvisional)
        #expect(deadline.unpublishedYears == [2027])
        #expect(deadline.date.iso == "2027-01-01")
    }

    @Test func theAnswerExplainsItself() throws {
        let deadline = try Self.published().deadline(from: #require(LocalDate(iso: "2026-09-28")), workingDays: 10)
        #expect(deadline.skipped.map(\.date.iso) == (1...7).map { "2026-10-0\($0)" } + ["2026-10-11"])
        #expect(deadline.skipped.first?.reason == "国庆节")
        #expect(deadline.skipped.last?.reason == nil)
        #expect(deadline.end.rfc3339 == "2026-10-17T00:00:00.000000+08:00")
        #expect(deadline.calendarVersion == "2019,2020,2021,2022,2023,2024,2025,2026")
    }

    /// The amended notices of 2019-03-22 and 2020-01-27; the original papers are rebuilt from the days they changed.
    @Test(
        arguments: [
            ("2020-01-13", "2020-01-31", "2020-02-03"), ("2020-01-17", "2020-02-05", "2020-02-07"),
            ("2020-01-20", "2020-02-07", "2020-02-11"), ("2020-01-23", "2020-02-12", "2020-02-14"),
            ("2019-04-15", "2019-04-29", "2019-04-28"),
        ])
    func amendments(start: String, original: String, amended: String) throws {
        var notice2019 = try Self.notice(2019)
        notice2019.days.removeAll {
            ["2019-04-28", "2019-05-02", "2019-05-03", "2019-05-04", "2019-05-05"].contains($0.date.iso)
        }
        var notice2020 = try Self.notice(2020)
        notice2020.days.removeAll { ["2020-01-31", "2020-02-01", "2020-02-02", "2020-02-03"].contains($0.date.iso) }
        notice2020.days.append(.init(name: "春节", date: try #require(LocalDate(iso: "2020-02-01")), isOffDay: false))
        let before = try WorkingCalendar(notices: [notice2019, notice2020])
        let startDate = try #require(LocalDate(iso: start))
        #expect(try before.deadline(from: startDate, workingDays: 10).date.iso == original)
        #expect(try Self.published().deadline(from: startDate, workingDays: 10).date.iso == amended)
    }

    @Test(
        arguments: [
            (2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248),
        ])
    func workingDaysOfAYear(year: Int, expected: Int) throws {
        let calendar = try Self.published()
        let first = try #require(LocalDate(year: year, month: 1, day: 1))
        let next = try #require(LocalDate(year: year + 1, month: 1, day: 1))
        let count = try (first.daysSinceEpoch..<next.daysSinceEpoch)
            .filter { try calendar.isWorkingDay(LocalDate(daysSinceEpoch: $0)) }.count
        #expect(count == expected)
    }

    @Test func anEmptyFileIsNotPublishedRatherThanFreeOfHolidays() throws {
        #expect(throws: CalendarFault.notPublished(year: 2027)) { try Self.notice(2027) }
        let newYear = try #require(LocalDate(iso: "2027-01-01"))
        #expect(throws: CalendarFault.notPublished(year: 2027)) { try Self.published().isWorkingDay(newYear) }
    }

    @Test func faultyNoticesAreRefused() throws {
        let day = HolidayNotice.Day(name: "春节", date: try #require(LocalDate(iso: "2026-02-15")), isOffDay: true)
        var contradiction = day
        contradiction.isOffDay = false
        #expect(throws: CalendarFault.contradiction(day.date)) {
            try HolidayNotice(year: 2026, papers: ["p"], days: [day, contradiction]).validate()
        }
        #expect(throws: CalendarFault.dayOutsideYear(day.date, year: 2028)) {
            try HolidayNotice(year: 2028, papers: ["p"], days: [day]).validate()
        }
        #expect(throws: CalendarFault.notPublished(year: 2026)) {
            try HolidayNotice(year: 2026, papers: [], days: [day]).validate()
        }
        #expect(throws: CalendarFault.self) { try HolidayNotice.read(Data("{".utf8)) }
        #expect(throws: CalendarFault.countNotPositive(0)) {
            try Self.published().deadline(from: day.date, workingDays: 0)
        }
    }
}
