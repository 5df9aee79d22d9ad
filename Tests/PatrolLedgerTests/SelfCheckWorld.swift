import Access
import Calendar
import Contracts
import Foundation
import Logging
import TestSupport
import Testing

@testable import PatrolLedgerService

extension PatrolWorld {
    static func day(_ text: String) throws -> LocalDate { try #require(LocalDate(iso: text)) }

    var selfCheckClock: SelfCheckClock {
        SelfCheckClock(desk: service.desk, logger: Logger(label: "test"))
    }

    /// The first term of 2026/27, with the given days without meals and extra days.
    func tellCalendar(_ number: Int, noMeals: [String] = [], extra: [String] = []) async throws {
        let school = number == 1 ? TestPersons.school : SchoolID("school-\(number)")
        try await receive(
            MealCalendarChanged(
                canteenId: canteenId(number), schoolId: school,
                terms: [
                    SchoolTerm(
                        name: "2026-2027学年第一学期", startsOn: try Self.day("2026-09-01"),
                        endsOn: try Self.day("2027-01-22"))
                ], noMealDays: try noMeals.map(Self.day), extraMealDays: try extra.map(Self.day)))
    }

    /// The morning of a day; the clock of the self-checks has come by.
    func morning(_ text: String) async throws {
        client.clock.set(try Self.day(text).start + .seconds(7 * 3600))
        _ = try await selfCheckClock.pass()
    }

    func key(_ number: Int, _ period: SelfCheckPeriod, _ text: String) throws -> SelfCheckKey {
        SelfCheckKey(canteenId: canteenId(number), span: SelfCheckSpan(period, containing: try Self.day(text)))
    }

    /// Nothing found in any zone of the test canteens.
    func clear(_ summary: String? = nil) -> SelfCheckEntry {
        SelfCheckEntry(
            zones: [.init(zone: .z3, result: .ok), .init(zone: .z4, result: .ok)], noProblemFound: true,
            summary: summary)
    }

    @discardableResult
    func submit(
        _ entry: SelfCheckEntry, _ number: Int, _ period: SelfCheckPeriod, _ text: String,
        as person: Principal = TestPersons.safetyLead
    ) async throws -> SelfCheckReceipt {
        try await service.desk.submitSelfCheck(entry, try key(number, period, text), by: caller(person))
    }

    func selfCheckState(_ number: Int, _ period: SelfCheckPeriod, _ text: String) async throws -> SelfCheckState? {
        try await client.pool.selfCheck(try key(number, period, text))?.state
    }

    func selfCheckPath(_ number: Int, _ period: SelfCheckPeriod, _ text: String) throws -> String {
        "/patrol/api/v1/self-checks/\(canteenId(number))/\(period.rawValue)/"
            + (try key(number, period, text)).span.firstDay.iso
    }
}
