import Calendar
import Testing

@testable import ParentAccessService

@Suite struct WindowTests {
    let facts = Facts()

    @Test(arguments: [
        (1, "22:00", "06:00", WindowFault.outsideCityLimit),
        (1, "05:59", "07:00", .outsideCityLimit),
        (1, "19:00", "20:01", .outsideCityLimit),
        (5, "20:00", "20:00", .outsideCityLimit),
        (1, "12:00", "12:00", .order),
        (1, "13:00", "12:00", .order),
        (0, "11:00", "12:00", .weekday),
        (8, "11:00", "12:00", .weekday),
    ])
    func windowsOutsideTheCityLimitsOrUpsideDownAreRefused(day: Int, from: String, to: String, fault: WindowFault)
        throws
    {
        #expect(facts.limits.check([try facts.window(day, from, to)])?.fault == fault)
    }

    @Test func theWholeDayInsideTheLimitsIsAccepted() throws {
        #expect(facts.limits.check([try facts.window(7, "06:00", "20:00")]) == nil)
        #expect(facts.limits.check([])?.fault == .empty)
    }

    @Test func fiveWindowsOnOneDayAreTooMany() throws {
        let windows = try (0..<5).map { try facts.window(2, "0\(6 + $0 / 2):\($0 % 2 == 0 ? "00" : "30")", "12:00") }
        #expect(facts.limits.check(windows)?.fault == .tooMany)
    }

    @Test(arguments: ["7:00", "24:01", "12:60", "ab:cd", "12", "12:00:00", "-1:00", "１２:00", ""])
    func timesMustBeFourDigits(_ text: String) {
        #expect(TimeOfDay(text: text) == nil)
    }

    @Test func aWindowIsOpenFromItsFirstMomentToJustBeforeItsEnd() throws {
        let schedule = WeekSchedule(windows: [try facts.window(1, "11:00", "13:00")])
        #expect(schedule.open(at: try facts.at("10:59:59.999999"), within: facts.limits) == nil)
        let open = try #require(schedule.open(at: try facts.at("11:00:00"), within: facts.limits))
        #expect(open.end == (try facts.at("13:00:00")))
        #expect(schedule.open(at: try facts.at("12:59:59.999999"), within: facts.limits) != nil)
        #expect(schedule.open(at: try facts.at("13:00:00"), within: facts.limits) == nil)
        #expect(schedule.open(at: try facts.at("12:00:00", on: "2026-11-24"), within: facts.limits) == nil)
    }

    @Test func windowsThatTouchAreOne() throws {
        let schedule = WeekSchedule(windows: [
            try facts.window(1, "11:30", "13:00"), try facts.window(1, "10:00", "11:00"),
            try facts.window(1, "11:00", "12:00"),
        ])
        let open = try #require(schedule.open(at: try facts.at("10:15:00"), within: facts.limits))
        #expect(open.end == (try facts.at("13:00:00")))
    }

    /// The city narrows its limits after the school chose its windows: the narrower limit counts at once.
    @Test func limitsAreAppliedAgainAtEveryDecision() throws {
        let schedule = WeekSchedule(windows: [try facts.window(1, "06:00", "20:00")])
        let noon = try #require(CityLimits(opens: TimeOfDay(clamping: 660), closes: TimeOfDay(clamping: 780)))
        #expect(schedule.open(at: try facts.at("10:00:00"), within: noon) == nil)
        #expect(
            try #require(schedule.open(at: try facts.at("12:00:00"), within: noon)).end == (try facts.at("13:00:00")))
    }

    @Test func theNextWindowMayBeAWeekAway() throws {
        let schedule = WeekSchedule(windows: [try facts.window(1, "11:00", "13:00")])
        let next = try #require(schedule.next(after: try facts.at("11:00:00"), within: facts.limits))
        #expect(next.start == (try facts.at("11:00:00", on: "2026-11-30")))
        #expect(
            try #require(schedule.next(after: try facts.at("09:00:00"), within: facts.limits)).start
                == (try facts.at("11:00:00")))
    }
}
