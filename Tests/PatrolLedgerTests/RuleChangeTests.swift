import Access
import Calendar
import Contracts
import Foundation
import TestSupport
import Testing

@testable import PatrolLedgerService

/// Quotas and deadlines change by two persons only, from a Monday on, and never backwards.
struct RuleChangeTests {
    private static let second = Principal(
        personId: PersonID("person-city-2"), role: .cityRegulator, organId: TestPersons.cityOrgan, organLevel: .city,
        department: .marketSupervision, divisionCode: "440700")

    private struct List: Decodable {
        struct Item: Decodable {
            let approvalId: String
            let contentSha256: String
        }
        let items: [Item]
    }

    private func change(station: Int = 3, from: String = "2026-11-30") throws -> RuleChange {
        RuleChange(
            effectiveFrom: try #require(LocalDate(iso: from)), quotas: .init(city: 8, county: 5, station: station),
            minimumViewSeconds: 30, rectifyClass2: 2, rectifyClass3: 7, longestExtensionWorkingDays: 10,
            yellowAfterDays: 5, interpretation: "专项整治期间")
    }

    @Test func aChangeTakesTwoPersonsAndHoldsFromItsMondayOn() async throws {
        try await PatrolWorld.run { world in
            let path = "/patrol/api/v1/rules/proposals"
            let low = try await world.client.post(path, as: TestPersons.city, json: try change(station: 1))
            #expect(low.status == .unprocessableContent && low.problemCode == "below_notice")
            let tuesday = try await world.client.post(path, as: TestPersons.city, json: try change(from: "2026-12-01"))
            #expect(tuesday.problemCode == "not_a_coming_monday")
            let past = try await world.client.post(path, as: TestPersons.city, json: try change(from: "2026-11-16"))
            #expect(past.problemCode == "not_a_coming_monday")
            #expect(try await world.client.post(path, as: TestPersons.county, json: try change()).status == .forbidden)
            #expect(try await world.client.post(path, as: TestPersons.city, json: try change()).status == .created)
            #expect(
                try await world.client.post(path, as: Self.second, json: try change()).problemCode == "approval_pending"
            )
            let list = try await world.client.get("/patrol/v1/approvals?status=proposed", as: TestPersons.city)
            let item = try #require(try list.json(List.self).items.first)
            func approve(_ person: Principal) async throws -> String? {
                let answer = try await world.client.post(
                    "/patrol/v1/approvals/\(item.approvalId)/decision", as: person,
                    json: ["decision": "approve", "content_sha256": item.contentSha256])
                return answer.problemCode
            }
            #expect(try await approve(TestPersons.city) == "same_person")
            #expect(try await approve(Self.second) == nil)
            #expect(try await world.events("brightkitchen.patrol.rules.changed.v1") == ["jm-2020-232.v2"])

            // This week is judged by the old version, the next by the new one.
            _ = try await world.client.get("/patrol/api/v1/rules/versions", as: TestPersons.station)
            #expect(try await world.complete([1, 2], as: TestPersons.station).state == .closed)
            world.client.clock.advance(by: .seconds(7 * 86_400))
            let short = try await world.complete([1, 2], as: TestPersons.station)
            #expect(short.state == .short && short.required == 3)
            let page = try await world.client.page("/patrol/rules", as: TestPersons.station)
            #expect(page.status == .ok && page.text.contains("jm-2020-232.v2") && page.text.contains("专项整治期间"))
        }
    }

    /// What is wrong is said on the page, and what was typed stays.
    @Test func thePageProposesAndNamesTheFaults() async throws {
        try await PatrolWorld.run { world in
            let fields = [
                ("effective_from", "2026-12-01"), ("city", "8"), ("county", "5"), ("station", "4"),
                ("minimum_view_seconds", "30"), ("rectify_class2", "3"), ("rectify_class3", "7"),
                ("longest_extension_working_days", "10"), ("yellow_after_days", "5"), ("interpretation", "专项整治期间"),
            ]
            let wrong = try await world.client.submit("/patrol/rules", as: TestPersons.city, fields)
            #expect(wrong.status == .unprocessableContent && wrong.text.contains("须为今天之后的星期一"))
            #expect(wrong.text.contains("value=\"4\""))
            let right = [("effective_from", "2026-12-07")] + fields.dropFirst()
            let sent = try await world.client.submit("/patrol/rules", as: TestPersons.city, right)
            #expect(sent.status == .seeOther && sent.headers[.location] == "/patrol/approvals")
            let page = try await world.client.page("/patrol/approvals", as: Self.second)
            #expect(page.text.contains("2026-12-07") && page.text.contains("8 / 5 / 4"))
            let station = try await world.client.page("/patrol/rules", as: TestPersons.station)
            #expect(
                station.status == .ok && !station.text.contains("name=\"city\""), "who may not change is shown no form")
        }
    }

    static func overdue(_ canteen: CanteenID, now: Instant) -> AccessOverdue {
        let today = LocalDate(now)
        return AccessOverdue(
            canteenId: canteen, canteenName: "第一食堂", schoolId: SchoolID("school"), schoolName: "示例小学",
            schoolType: .primary, isCaterer: false, divisionCode: "440703", cityDirect: false,
            licenceNumber: "JY34407030000010", licenceIssuedOn: today.adding(days: -30),
            deadline: today.adding(days: -10), overdueSince: today.adding(days: -9).start, workingDays: 10,
            calendarVersion: "test", supervisingDepartment: .education, supervisingReason: "division",
            unmet: ["zone:Z3"], increaseInspection: true, registeredAfterDeadline: false, ruleSet: "jm-2020-232")
    }

    private struct Suggestions: Decodable { let items: [SuggestionView] }

    /// Art 5: a canteen that did not connect in time comes first, and the reason is shown, until it is connected.
    @Test func overdueAccessRaisesTheRiskUntilItIsConnected() async throws {
        try await PatrolWorld.run { world in
            func first() async throws -> SuggestionView {
                try #require(
                    try await world.client.get("/patrol/api/v1/suggestions", as: TestPersons.station).json(
                        Suggestions.self
                    ).items.first)
            }
            let late = world.canteenId(3)
            try await world.receive(Self.overdue(late, now: world.client.clock.now()))
            let raised = try await first()
            #expect(raised.canteenId == late && raised.points == 160 && raised.formula == "risk-2")
            #expect(raised.factors == ["never_visited", "access_overdue"])
            #expect(try await world.client.page("/patrol/", as: TestPersons.station).text.contains("逾期未接入平台"))
            try await world.receive(
                AccessConnected(
                    canteenId: late, canteenName: "第一食堂", schoolId: SchoolID("school"), schoolName: "示例小学",
                    timeliness: .late, days: 9, connectedAt: world.client.clock.now(), confirmedBy: PersonID("p")))
            #expect(try await first().points == 100)
        }
    }
}
