import Calendar
import Foundation
import Testing

struct CivilTimeTests {
    @Test(
        arguments: [
            ("2024-12-30", "2025-W01"), ("2021-01-03", "2020-W53"), ("2026-12-28", "2026-W53"),
            ("2027-01-03", "2026-W53"), ("2023-01-01", "2022-W52"), ("2026-11-23", "2026-W48"),
        ])
    func isoWeekLabels(day: String, label: String) throws {
        let week = Week(containing: try #require(LocalDate(iso: day)))
        #expect(week.isoLabel == label)
        #expect(Week(isoLabel: label) == week)
    }

    @Test func labelsOfWeeksThatDoNotExistAreRefused() {
        for text in ["2025-W53", "2026-W54", "2026-W00", "2026-48", "2026W48", ""] {
            #expect(Week(isoLabel: text) == nil)
        }
    }

    @Test func aWeekRunsFromMondayMidnightToMondayMidnightInTheCity() throws {
        let week = try #require(Week(isoLabel: "2026-W48"))
        #expect(week.start.rfc3339 == "2026-11-23T00:00:00.000000+08:00")
        #expect(week.end.rfc3339 == "2026-11-30T00:00:00.000000+08:00")
        #expect(Week(containing: try #require(Instant(rfc3339: "2026-11-29T15:59:59Z"))) == week)
        #expect(Week(containing: try #require(Instant(rfc3339: "2026-11-29T16:00:00Z"))) == week.next)
    }

    @Test(
        "weeks with no working day at all, and weeks with one",
        arguments: [
            ("2019-W06", 0), ("2020-W05", 0), ("2022-W05", 0), ("2026-W08", 0), ("2019-W40", 1), ("2024-W07", 1),
            ("2024-W40", 1), ("2025-W05", 1),
        ])
    func workingDaysOfAWeek(label: String, expected: Int) throws {
        let calendar = try WorkingCalendarTests.published()
        let week = try #require(Week(isoLabel: label))
        #expect(try week.days.filter { try calendar.isWorkingDay($0) }.count == expected)
    }

    @Test func theCityDayOfAnInstantIsNotTheDayInUTC() throws {
        #expect(LocalDate(try #require(Instant(rfc3339: "2026-09-27T16:30:00Z"))).iso == "2026-09-28")
    }

    @Test func datesAgreeWithFoundationOverFourCenturies() throws {
        var calendar = Foundation.Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for days in stride(from: -73_000, through: 73_000, by: 13) {
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(days) * 86_400))
            let date = LocalDate(daysSinceEpoch: days)
            #expect([date.year, date.month, date.day] == [parts.year, parts.month, parts.day])
            #expect(date.weekday % 7 + 1 == parts.weekday)
            #expect(LocalDate(iso: date.iso) == date)
        }
    }

    @Test(
        arguments: [
            "2026-02-30", "2026-13-01", "2026-1-01", "2026/01/01", "26-01-01", "2026-01-01T", "٢٠٢٦-01-01", "",
        ])
    func malformedDatesAreRefused(text: String) { #expect(LocalDate(iso: text) == nil) }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-10-16T23:59:59.999999+08:00", 1_792_166_399_999_999),
            ("2026-10-16T15:59:59.9999999Z", 1_792_166_399_999_999), ("1969-12-31T23:59:59.5Z", -500_000),
        ] as [(String, Int64)])
    func instantsAreReadToTheMicrosecond(text: String, microseconds: Int64) throws {
        let instant = try #require(Instant(rfc3339: text))
        #expect(instant.microseconds == microseconds)
        #expect(Instant(rfc3339: instant.rfc3339) == instant)
    }

    @Test(
        arguments: [
            "2026-10-16T23:59:59", "2026-10-16 23:59:59+08:00", "2026-10-16T24:00:00Z", "2026-10-16T23:59:59+0800",
            "2026-10-16T23:59:59.Z", "2026-02-29T00:00:00Z", "2026-10-16T23:59:59Zx", "",
        ])
    func naiveOrMalformedTimesAreRefused(text: String) { #expect(Instant(rfc3339: text) == nil) }
}
