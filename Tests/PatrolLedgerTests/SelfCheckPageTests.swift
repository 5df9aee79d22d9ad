import Access
import Contracts
import TestSupport
import Testing

@testable import PatrolLedgerService

/// The school's to-do page and the form on the phone, without a script, in both languages; the organ sees the result.
struct SelfCheckPageTests {
    @Test func theSchoolSeesWhatIsDueFillsItInAndTheOrganReadsIt() async throws {
        try await PatrolWorld.run(canteens: 2) { world in
            let client = world.client
            try await world.tellCalendar(1)
            try await world.morning("2026-11-23")
            try await world.morning("2026-11-24")
            let path = "/patrol/self-checks/canteen-1/daily/2026-11-24"
            let todo = try await client.page("/patrol/school", as: TestPersons.safetyLead)
            #expect(todo.status == .ok && todo.text.contains(path) && todo.text.contains("日管控"))
            #expect(!todo.text.contains("canteen-2"), "another school's")
            let english = try await client.page("/patrol/school", as: TestPersons.safetyLead, language: "en")
            #expect(english.text.contains("Self-checks due") && english.text.contains("Daily check"))

            let form = try await client.page(path, as: TestPersons.safetyLead)
            #expect(form.status == .ok && form.text.contains("未发现问题") && form.text.contains("offline.js"))
            #expect(form.text.contains("z.Z3") && !form.text.contains("z.Z1"), "the zones it declares")
            let filled = try await client.submit(path, as: TestPersons.safetyLead, [("do", "all_ok")])
            #expect(filled.status == .ok && filled.text.contains("value=\"ok\" checked"))
            #expect(try await world.selfCheckState(1, .daily, "2026-11-24") == .generated)

            let rows = [("z.Z3", "ok"), ("z.Z4", "violation"), ("f.Z4-05", "yes"), ("summary", "已当场纠正")]
            let incomplete = try await client.submit(path, as: TestPersons.safetyLead, [("do", "submit")] + rows)
            #expect(incomplete.status == .unprocessableContent && incomplete.text.contains("请描述发现的问题"))
            #expect(incomplete.text.contains("已当场纠正"), "what was typed stays")
            let early = try await client.submit(
                path, as: TestPersons.platformOperator, [("do", "submit")] + rows + [("n.Z4-05", "未戴口罩")])
            #expect(early.status == .forbidden)
            let saved = try await client.submit(path, as: TestPersons.platformOperator, [("do", "save")] + rows)
            #expect(saved.status == .seeOther)
            let done = try await client.submit(
                path, as: TestPersons.safetyLead,
                [("do", "submit"), ("entered_at", "2026-11-24T06:40:00+08:00")] + rows + [("n.Z4-05", "未戴口罩")])
            #expect(done.status == .seeOther, "\(done.text)")
            let report = try await client.page(path, as: TestPersons.station)
            #expect(
                report.status == .ok && report.text.contains("未戴口罩") && report.text.contains("填写于 2026-11-24 06:40"))
            #expect(!report.text.contains("data-offline="), "an organ has no form")
            #expect(
                try await client.submit("\(path)/review", as: TestPersons.station, [("note", "请加强晨检")]).status
                    == .seeOther)
            let read = try await client.page(path, as: TestPersons.principal)
            #expect(read.text.contains("监管部门已阅") && read.text.contains("请加强晨检"))
            #expect(try await client.page(path, as: TestPersons.otherCounty).status == .notFound)
            let twice = try await client.submit("\(path)/review", as: TestPersons.station, [])
            #expect(twice.status == .conflict)

            try await world.receive(
                OrganRegistered(
                    organId: TestPersons.educationOrgan, name: "蓬江区教育局", department: .education, level: .county,
                    divisionCode: "440703", townships: []))
            try await world.morning("2026-11-25")
            try await world.morning("2026-11-26")
            let overview = try await client.page("/patrol/self-checks", as: TestPersons.county)
            #expect(overview.status == .ok && overview.text.contains("示例小学1") && overview.text.contains("1 / 2"))
            let bureau = try await client.page("/patrol/self-checks?show=list", as: TestPersons.education)
            #expect(bureau.status == .ok && bureau.text.contains("漏查"))
            let refused = try await client.page("/patrol/self-checks?from=2026-13-01", as: TestPersons.county)
            #expect(refused.status == .unprocessableContent)
        }
    }
}
