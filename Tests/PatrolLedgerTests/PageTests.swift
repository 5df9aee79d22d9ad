import Access
import Contracts
import Foundation
import TestSupport
import Testing

@testable import PatrolLedgerService

/// The pages work without a script: forms, redirects, both languages.
struct PageTests {
    @Test func officersWeekAndAPatrolThroughForms() async throws {
        try await PatrolWorld.run { world in
            let client = world.client
            let person = TestPersons.station
            let home = try await client.page("/patrol/", as: person)
            #expect(home.status == .ok && home.text.contains("本周巡查任务") && home.text.contains("0 / 1"))
            #expect(home.text.contains("2026-W48") && home.text.contains("示例小学1"))
            let english = try await client.page("/patrol/", as: person, language: "en")
            #expect(english.text.contains("This week&#39;s task") || english.text.contains("This week's task"))
            let new = try await client.page("/patrol/patrols/new", as: person)
            #expect(new.status == .ok && new.text.contains("年度检查计划"))
            let refused = try await client.submit("/patrol/patrols", as: person, [("canteen_ids", "canteen-1")])
            #expect(refused.status == .unprocessableContent && refused.text.contains("检查依据"))
            let started = try await client.submit(
                "/patrol/patrols", as: person,
                [("basis", "daily"), ("basis", "flying"), ("canteen_ids", "canteen-1"), ("canteen_ids", "canteen-2")])
            #expect(started.status == .seeOther)
            let patrolPath = try #require(started.headers[.location])
            let patrol = try await client.page(patrolPath, as: person)
            #expect(patrol.status == .ok && patrol.text.contains("烹饪区"))
            let id = PatrolID(String(patrolPath.dropFirst("/patrol/patrols/".count)))

            let zone = "\(patrolPath)/canteens/canteen-1/zones/Z3"
            let page = try await client.page(zone, as: person)
            #expect(page.status == .ok && page.text.contains("/video/open/camera-1-Z3?reason=patrol&amp;ref=\(id)"))
            #expect(page.text.contains("Z3-08"))
            let incomplete = try await client.submit(zone, as: person, [("do", "submit"), ("r.Z3-01", "ok")])
            #expect(incomplete.status == .unprocessableContent && incomplete.text.contains("未填写结果"))
            let draft = try await client.submit(
                zone, as: person, [("do", "save"), ("r.Z3-01", "ok"), ("n.Z3-01", "整洁")])
            #expect(draft.status == .seeOther)
            #expect(try await client.page(zone, as: person).text.contains("整洁"))

            for number in [1, 2] {
                try await world.watch(number, in: id, as: person)
                let rows = world.service.desk.checklist.items(of: .z3).map { ("r.\($0.code)", "ok") }
                let sheet = try await client.submit(
                    "\(patrolPath)/canteens/canteen-\(number)/zones/Z3", as: person, [("do", "submit")] + rows)
                #expect(sheet.status == .seeOther, "\(sheet.text)")
            }
            #expect(try await client.page(patrolPath, as: person).text.contains("已达到本周任务"))
            let closed = try await client.submit("\(patrolPath)/submit", as: person, [])
            #expect(closed.status == .seeOther)
            let after = try await client.page("/patrol/", as: person)
            #expect(after.text.contains("1 / 1") && after.text.contains("440703S01-2026-000001"))
            let ledger = try await client.page("/patrol/ledger", as: person)
            #expect(ledger.status == .ok && ledger.text.contains("440703S01-2026-000001"))
            let entry = try await client.page("/patrol/ledger/440703S01-2026-000001", as: TestPersons.county)
            #expect(entry.status == .ok && entry.text.contains("内容与封存摘要一致"))
            #expect(
                try await client.page("/patrol/ledger/440703S01-2026-000001", as: TestPersons.otherCounty).status
                    == .notFound)
        }
    }

    @Test func problemPageForBothSides() async throws {
        try await PatrolWorld.run { world in
            let client = world.client
            let person = TestPersons.station
            let patrol = try await world.open([1, 2], as: person)
            let violation = ItemFinding(code: "Z3-07", result: .violation, note: "菜筐放地上", noEvidenceReason: "y")
            try await world.visit(1, in: patrol, as: person, [violation])
            try await world.visit(2, in: patrol, as: person)
            let id = try #require(try await world.service.desk.close(patrol, by: world.caller(person)).problemIds.first)
            let path = "/patrol/problems/\(id)"
            let list = try await client.page("/patrol/problems", as: TestPersons.principal)
            #expect(list.status == .ok && list.text.contains(path))
            let school = try await client.page(path, as: TestPersons.principal)
            #expect(school.text.contains("签收") && !school.text.contains("验收通过并关闭") && !school.text.contains("查看巡查"))
            #expect(try await client.submit("\(path)/acknowledge", as: TestPersons.principal, []).status == .seeOther)
            let missing = try await client.submit(
                "\(path)/rectification", as: TestPersons.principal, [("measure", "已上架"), ("prevention", "p")])
            #expect(missing.status == .unprocessableContent && missing.text.contains("已上架"), "what was typed stays")
            let done = try await client.submit(
                "\(path)/rectification", as: TestPersons.principal,
                [("cause", "货架不足"), ("measure", "已上架"), ("prevention", "每日检查")])
            #expect(done.status == .seeOther)
            let officer = try await client.page(path, as: person)
            #expect(officer.text.contains("验收通过并关闭") && officer.text.contains("货架不足"))
            #expect(try await client.submit("\(path)/return", as: person, []).status == .unprocessableContent)
            #expect(try await client.submit("\(path)/accept", as: person, []).status == .seeOther)
            #expect(try await client.page(path, as: TestPersons.principal).text.contains("问题已关闭"))
        }
    }
}
