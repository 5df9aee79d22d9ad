import Calendar
import Contracts
import Foundation
import TestSupport
import Testing

@testable import PatrolLedgerService

/// 考核: facts of a period, frozen once, issued again with a difference (art 14).
struct AssessmentTests {
    @Test func lateDataChangesNothingAndAReissueShowsWhatDiffers() async throws {
        try await PatrolWorld.run(canteens: 2) { world in
            try await world.tellCalendar(1)
            try await world.morning("2026-11-23")
            for day in 24...26 {
                try await world.morning("2026-11-\(day)")
                if day != 25 { try await world.submit(world.clear(), 1, .daily, "2026-11-\(day)") }
            }
            try await world.morning("2026-11-27")
            let desk = world.service.desk
            let county = world.caller(TestPersons.county)
            let order = AssessmentOrder(
                name: "周", firstDay: try PatrolWorld.day("2026-11-24"), lastDay: try PatrolWorld.day("2026-11-26"))
            let first = try await desk.freezeAssessment(order, by: county)
            let content = try await desk.assessmentFile(first, for: county).content
            let school = try #require(content.canteens.first { $0.canteenId == world.canteenId(1) })
            #expect(school.counts.selfChecksOwed == 3 && school.counts.selfChecksDone == 2)
            #expect(school.counts.selfCheckPermille == 667)
            // Nothing is known about the other school: no rate, not 0 %. Canteens of another county are not in it.
            let other = try #require(content.canteens.first { $0.canteenId == world.canteenId(2) })
            #expect(other.counts.selfCheckPermille == nil && content.canteens.count == 2)

            // A problem found in the period is written down afterwards: the frozen facts stay.
            _ = try await world.client.pool.execute(
                """
                INSERT INTO problem (problem_id, canteen_id, school_id, origin, zone, item_code, item_text, severity, description,
                    state, found_by, found_at, acknowledge_by, rectify_by, deadline_provisional, overdue_at)
                SELECT 'late', canteen_id, school_id, 'complaint', 'Z3', 'Z3-07', 'x', 2, 'x', 'notified', 'p', t, t, t, false, t
                FROM canteen, (VALUES ('2026-11-25T10:00:00+08:00'::timestamptz)) v(t) WHERE canteen_id = 'canteen-1'
                """)
            #expect(try await desk.assessmentFile(first, for: county).content == content)
            let silent = try await Refusal.of { _ = try await desk.freezeAssessment(order, by: county) }
            #expect(silent?.code == "reason_required")
            var again = order
            again.reason = "补录投诉"
            let second = try await desk.freezeAssessment(again, by: county)
            let file = try await desk.assessmentFile(second, for: county)
            #expect(file.record.version == 2 && file.versions.count == 2)
            let changes = Set((file.changes ?? []).map { "\($0.id) \($0.field) \($0.before ?? -1) \($0.after ?? -1)" })
            #expect(
                changes == [
                    "canteen-1 problems_found 0 1", "canteen-1 overdue 0 1", "canteen-1 timely_permille -1 0",
                ])

            let open = try await world.client.post(
                "/patrol/api/v1/assessments", as: TestPersons.county,
                json: ["name": "x", "first_day": "2026-11-24", "last_day": "2026-11-27"])
            #expect(open.status == .unprocessableContent && open.problemCode == "period_open")
            let path = "/patrol/api/v1/assessments/\(second)"
            #expect(try await world.client.get(path, as: TestPersons.otherCounty).status == .notFound)
            #expect(try await world.client.get(path, as: TestPersons.principal).status == .forbidden)
            let export = try await world.client.get("\(path)/export", as: TestPersons.auditor)
            #expect(export.status == .ok && export.text.contains("canteens.csv") && export.text.contains("changes.csv"))
            #expect(export.text.contains("canteen-1,第一食堂,school-1,示例小学1,440703,3,2,667,1,0,0,1,0,"))
            let sealed = try await world.events("brightkitchen.patrol.assessment.frozen.v1")
            #expect(sealed == [first, second])

            let page = try await world.client.page("/patrol/assessments/\(second)", as: TestPersons.county)
            #expect(page.status == .ok && page.text.contains("补录投诉") && page.text.contains("<svg"))
            let live = try await world.client.page(
                "/patrol/assessments?from=2026-11-24&to=2026-11-26", as: TestPersons.county, language: "en")
            #expect(live.status == .ok && live.text.contains("66.7 %"))
            let form = try await world.client.submit(
                "/patrol/assessments", as: TestPersons.county,
                [("name", "周"), ("first_day", "2026-11-24"), ("last_day", "2026-11-26")])
            #expect(form.status == .unprocessableContent && form.text.contains("重新发布须说明原因"))
        }
    }

    @Test func aCellNeverStartsAFormula() {
        #expect(CSVText.cell("=cmd()") == "'=cmd()" && CSVText.cell("a\"b,c") == "\"a\"\"b,c\"")
        #expect(CSVText.cell("示例") == "示例")
    }

    /// Facts of disclosure, registry and parent access, by their events; the school sees its own and nobody else's.
    @Test func factsOfTheOtherServicesAreCountedAndShownToTheSchool() async throws {
        try await PatrolWorld.run(canteens: 2) { world in
            func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }
            let canteen = world.canteenId(1)
            let all = DisclosureCategory.allCases
            try await world.receive(
                CompletenessChanged(
                    canteenId: canteen, present: Array(all.prefix(6)), missing: Array(all.dropFirst(6))),
                at: try at("2026-09-10T10:00:00+08:00"))
            // After the period: it does not count in it.
            try await world.receive(
                CompletenessChanged(canteenId: canteen, present: all, missing: []),
                at: try at("2026-11-20T10:00:00+08:00"))
            for (id, kind) in [("f-1", FeedbackKind.complaint), ("f-2", .praise)] {
                try await world.receive(
                    FeedbackReceived(
                        feedbackId: FeedbackID(rawValue: id), canteenId: canteen, schoolId: TestPersons.school,
                        kind: kind,
                        receivedAt: try at("2026-10-12T10:00:00+08:00")))
            }
            try await world.receive(
                FeedbackAnswered(
                    feedbackId: FeedbackID(rawValue: "f-2"), canteenId: canteen, schoolId: TestPersons.school,
                    answeredAt: try at("2026-10-13T10:00:00+08:00")))
            let first = try await world.client.get(
                "/patrol/api/v1/assessment-facts?from=2026-09-01&to=2026-11-15", as: TestPersons.county
            ).json(AssessmentContent.self)
            let counts = try #require(first.canteens.first { $0.canteenId == canteen }).counts
            #expect(counts.disclosurePresent == 6 && counts.disclosureOwed == all.count)
            #expect(counts.complaints == 1 && counts.feedbackAnswered == 1 && counts.complaintsConfirmed == 0)
            let other = try #require(first.canteens.first { $0.canteenId == world.canteenId(2) }).counts
            #expect(other.disclosurePermille == nil, "nothing was told of it: unknown, not 0 %")

            let own = try await world.client.get(
                "/patrol/api/v1/own-assessment-facts?period=2026-2027-1", as: TestPersons.principal)
            #expect(own.status == .ok, "\(own.text)")
            let facts = try own.json(OwnAssessmentFacts.self)
            #expect(facts.canteens.map(\.canteenId) == [canteen])
            #expect(facts.firstDay.iso == "2026-09-01" && facts.lastDay.iso == "2027-01-31")
            #expect(facts.canteens.first?.counts.disclosurePermille == 1000)
            let page = try await world.client.page("/patrol/school/assessment", as: TestPersons.principal)
            #expect(page.status == .ok && page.text.contains("不排名、不评级") && !page.text.contains("示例小学2"))
            let wrong = try await world.client.get(
                "/patrol/api/v1/own-assessment-facts?period=2026-2028-1", as: TestPersons.principal)
            #expect(wrong.status == .unprocessableContent && wrong.problemCode == "not_a_period")
            let officer = try await world.client.get("/patrol/api/v1/own-assessment-facts", as: TestPersons.county)
            #expect(officer.status == .forbidden)
        }
    }

    @Test func termsFollowEachOtherWithoutAGap() throws {
        let today = try PatrolWorld.day("2027-01-15")
        let presets = AssessmentPeriod.presets(today)
        #expect(presets.map(\.code) == ["2026-2027-1", "2025-2026-2", "2025-2026-1", "2027", "2026"])
        #expect(try PatrolWorld.day("2027-02-01") == AssessmentPeriod(code: "2026-2027-2")?.firstDay)
        #expect(AssessmentPeriod.presets(try PatrolWorld.day("2027-09-01")).first?.code == "2027-2028-1")
        for code in ["2026-2027-3", "26", "2026-2027", "2026-2028-1", "", "2026-2027-01"] {
            #expect(AssessmentPeriod(code: code) == nil, "\(code)")
        }
    }
}
