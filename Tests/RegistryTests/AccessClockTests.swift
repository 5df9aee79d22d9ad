import Access
import Calendar
import Contracts
import Foundation
import Journal
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// The ten working days of art 5 from the import to the events, on a clock that the test moves (domain §7.6, 1–3 and 23).
struct AccessClockTests {
    private typealias City = AccessCity

    @Test func remindedOnDaysFiveEightAndTenAndOverdueAtMidnight() async throws {
        try await City.run(at: "2026-09-28T10:00:00+08:00") { city in
            let canteen = try await city.canteen(issuedOn: "2026-09-28")
            let due = try await city.events(AccessDue.self)
            #expect(due.map(\.deadline.iso) == ["2026-10-16"])
            #expect(due.first?.provisional == false && due.first?.calendarVersion == "1")

            var reminders: [(String, Int)] = []
            for day in 1...18 {
                try await city.move(to: "2026-10-\(day < 10 ? "0" : "")\(day)T00:00:00+08:00")
                for event in try await city.events(AccessReminded.self).dropFirst(reminders.count) {
                    reminders.append((LocalDate(city.client.clock.now()).iso, event.workingDay))
                }
                if day <= 16 { #expect(try await city.events(AccessOverdue.self).isEmpty, "\(day)") }
            }
            // 10-10 is a Saturday that is worked; 10-11 is not.
            #expect(reminders.map(\.0) == ["2026-10-10", "2026-10-14", "2026-10-16"])
            #expect(reminders.map(\.1) == [5, 8, 10])
            let overdue = try await city.events(AccessOverdue.self)
            #expect(overdue.count == 1)
            let event = try #require(overdue.first)
            #expect(event.canteenId == canteen.id && event.schoolName == canteen.institution.name)
            #expect(event.deadline.iso == "2026-10-16")
            #expect(event.overdueSince.rfc3339 == "2026-10-17T00:00:00.000000+08:00")
            #expect(event.increaseInspection && !event.registeredAfterDeadline)
            #expect(event.supervisingDepartment == .education && event.supervisingOrganId != nil)
            #expect(event.countyOrganId != nil && event.supervisingReason == "division")
            #expect(event.unmet.contains("zone:Z3") && event.unmet.last == "confirmation")
        }
    }

    @Test func theLastSecondOfTheDeadlineIsOnTimeAndMidnightIsNot() async throws {
        try await City.run(at: "2026-09-28T10:00:00+08:00") { city in
            try await city.canteen(issuedOn: "2026-09-28")
            try await city.move(to: "2026-10-16T23:59:59.999999+08:00")
            #expect(try await city.events(AccessOverdue.self).isEmpty)
            #expect(try await AccessStore.next(city.client.pool)?.rfc3339 == "2026-10-17T00:00:00.000000+08:00")
            try await city.move(to: "2026-10-17T00:00:00+08:00")
            #expect(try await city.events(AccessOverdue.self).count == 1)
            // Another service instance, or the same after a restart: nothing is said twice.
            try await city.restarted().settle()
            #expect(try await city.events(AccessOverdue.self).count == 1)
        }
    }

    @Test func whatFellDueWhileTheServiceWasDownIsSaidOnceInOrder() async throws {
        try await City.run(at: "2026-09-28T10:00:00+08:00") { city in
            try await city.canteen(issuedOn: "2026-09-28")
            try await city.move(to: "2026-11-02T08:00:00+08:00")
            #expect(try await city.events(AccessReminded.self).map(\.workingDay) == [5, 8, 10])
            #expect(try await city.events(AccessOverdue.self).count == 1)
        }
    }

    @Test func anUnpublishedYearIsProvisionalAndLoadingItMovesTheDeadlineOnce() async throws {
        try await City.run(at: "2026-12-18T10:00:00+08:00") { city in
            let canteen = try await city.canteen(issuedOn: "2026-12-18")
            let due = try #require(try await city.events(AccessDue.self).first)
            #expect(due.provisional && due.deadline.iso == "2027-01-01")
            // The guess passes without effect: nobody is overdue on it.
            try await city.move(to: "2027-01-10T00:00:00+08:00")
            #expect(try await city.events(AccessOverdue.self).isEmpty)
            #expect(try await city.events(AccessReminded.self).map(\.workingDay) == [5, 8])

            city.client.clock.set(try #require(Instant(rfc3339: "2026-12-30T09:00:00+08:00")))
            let notice = HolidayNotice(
                year: 2027, papers: ["https://www.gov.cn/example"],
                days: try ["2027-01-01", "2027-01-02", "2027-01-03"].map {
                    HolidayNotice.Day(name: "元旦", date: try #require(LocalDate(iso: $0)), isOffDay: true)
                })
            #expect(try await city.load([notice]).loaded == [2027])
            try await city.timer.settle()
            let recomputed = try await city.events(DeadlineRecomputed.self)
            #expect(recomputed.map(\.deadline.iso) == ["2027-01-04"])
            #expect(recomputed.first?.wasProvisional == true && recomputed.first?.provisional == false)
            // The same file again: no version, no notice.
            let again = try await city.load([notice])
            #expect(again.loaded.isEmpty && again.edition == 2)
            try await city.timer.settle()
            #expect(try await city.events(DeadlineRecomputed.self).count == 1)
            #expect(try await city.events(CalendarLoaded.self).map(\.loadedYears) == [Array(2019...2026), [2027]])
            try await city.move(to: "2027-01-05T00:00:00+08:00")
            #expect(try await city.events(AccessOverdue.self).map(\.canteenId) == [canteen.id])
        }
    }

    @Test func anAmendmentNeverTakesAwayAPromisedDay() async throws {
        try await City.run(at: "2019-04-15T10:00:00+08:00", calendar: []) { city in
            // Before 2020-12-09 there is no obligation, so the rule is asked directly.
            let rule = try AccessRule.builtIn()
            let day = try #require(LocalDate(iso: "2019-04-15"))
            let promised = try #require(LocalDate(iso: "2019-04-29"))
            var record = AccessRecord.sample(startedOn: day, deadline: promised)
            let clock = AccessClock(
                rule: rule, calendar: try WorkingCalendar(notices: [WorkingCalendarFiles.notice(2019)]),
                calendarVersion: 2, now: day.start)
            let canteen = try await city.unsaved(issuedOn: "2019-04-15")
            record.licenceNumber = canteen.licence?.number
            let facts = ConnectionFacts(zones: [], hasLicence: true, cameras: [], disclosed: nil)
            let changes = clock.evaluate(&record, canteen, facts)
            #expect(changes.contains(.kept(earlier: try #require(LocalDate(iso: "2019-04-28")))))
            #expect(record.deadline?.iso == "2019-04-29" && record.calendarVersion == 2)
            #expect(clock.evaluate(&record, canteen, facts).isEmpty)
        }
    }

    @Test(arguments: [
        ("2020-01-13", "2020-01-31", "2020-02-03"), ("2020-01-17", "2020-02-05", "2020-02-07"),
        ("2020-01-20", "2020-02-07", "2020-02-11"), ("2020-01-23", "2020-02-12", "2020-02-14"),
    ])
    func anAmendmentThatGivesMoreTimeIsApplied(start: String, old: String, new: String) async throws {
        let started = try #require(LocalDate(iso: start))
        var rule = try AccessRule.builtIn()
        rule.effectiveFrom = started
        let previous = try #require(LocalDate(iso: old))
        var record = AccessRecord.sample(startedOn: started, deadline: previous)
        record.clock = .overdue
        let clock = AccessClock(
            rule: rule, calendar: try WorkingCalendar(notices: [WorkingCalendarFiles.notice(2020)]),
            calendarVersion: 2, now: previous.adding(days: 1).start)
        let canteen = Canteen.sample(licence: record.licenceNumber ?? "", issuedOn: started)
        let changes = clock.evaluate(
            &record, canteen, ConnectionFacts(zones: [], hasLicence: true, cameras: [], disclosed: nil))
        #expect(record.deadline?.iso == new && record.clock == .running)
        #expect(changes.contains(.recomputed(from: previous, wasProvisional: false, wasOverdue: true)))
    }

    @Test func legacyLicencesStartNoClockAndLateComersAreKnownAsSuch() async throws {
        try await City.run(at: "2026-11-23T09:00:00+08:00") { city in
            let legacy = try await city.canteen(issuedOn: "2020-12-08", licence: 1)
            let first = try await city.canteen(issuedOn: "2020-12-09", licence: 2)
            #expect(try await city.record(legacy.id).clock == .legacy)
            let record = try await city.record(first.id)
            #expect(record.clock == .overdue && record.deadline?.iso == "2020-12-23")
            let overdue = try await city.events(AccessOverdue.self)
            #expect(overdue.map(\.canteenId) == [first.id])
            #expect(overdue.first?.registeredAfterDeadline == true)
            // What lay before the register knew of it is not reminded of.
            #expect(try await city.events(AccessReminded.self).isEmpty)
        }
    }

    @Test func aTechnicalSchoolIsReportedToHumanResources() async throws {
        try await City.run(at: "2026-09-28T10:00:00+08:00") { city in
            try await city.canteen(issuedOn: "2026-09-28", department: "人社", type: "技工院校")
            try await city.move(to: "2026-10-17T00:00:00+08:00")
            let event = try #require(try await city.events(AccessOverdue.self).first)
            #expect(event.supervisingDepartment == .humanResources && event.schoolType == .technical)
            let organ = try await RegistryTest.organ("鹤山市人力资源和社会保障局", city.client)
            #expect(event.supervisingOrganId == organ.id)
        }
    }

    @Test func revocationCancelsTheClockAndRenewalDoesNotRestartIt() async throws {
        try await City.run(at: "2026-09-28T10:00:00+08:00") { city in
            let canteen = try await city.canteen(issuedOn: "2026-09-28", licence: 1)
            let renewed = try await city.canteen(issuedOn: "2026-09-28", licence: 2, school: "第二示例小学")
            try await city.move(to: "2026-10-09T10:00:00+08:00")
            let context = EventContext(actor: .system("test"), correlationId: "test")
            try await city.client.pool.transaction { transaction in
                _ = try await LicenceEnding(state: .revoked, decidedOn: try #require(LocalDate(iso: "2026-10-09")))
                    .apply(to: canteen.id, context, now: city.client.clock.now(), transaction)
            }
            try await city.canteen(issuedOn: "2026-10-08", licence: 3, school: "第二示例小学")
            try await city.timer.settle()
            let record = try await city.record(canteen.id)
            #expect(record.clock == .cancelled && record.state == .suspended && record.nextAt == nil)
            let changed = try await city.events(AccessChanged.self)
            #expect(changed.map(\.state) == [.suspended] && changed.first?.clockCancelled == true)
            #expect(try await city.record(renewed.id).deadline?.iso == "2026-10-16")
            #expect(try await city.events(AccessDue.self).count == 2)
            try await city.move(to: "2026-10-17T00:00:00+08:00")
            #expect(try await city.events(AccessOverdue.self).map(\.canteenId) == [renewed.id])
        }
    }

    @Test func whoWasConnectedBeforeTheLicenceIsEarly() throws {
        let issued = try #require(LocalDate(iso: "2026-09-28"))
        var record = AccessRecord.sample(startedOn: nil, deadline: nil)
        record.clock = .none
        record.state = .connected
        record.connectedAt = Instant(rfc3339: "2026-09-20T15:00:00+08:00")
        let clock = AccessClock(
            rule: try AccessRule.builtIn(), calendar: try WorkingCalendar(notices: []), calendarVersion: 1,
            now: issued.start)
        let canteen = Canteen.sample(licence: "JY34407840000015", issuedOn: issued)
        let changes = clock.evaluate(
            &record, canteen, ConnectionFacts(zones: [], hasLicence: true, cameras: [], disclosed: nil))
        #expect(!changes.contains(.due) && record.clock == .met)
        #expect(record.timeliness == .early && record.days == 8 && record.nextAt == nil)
    }
}
