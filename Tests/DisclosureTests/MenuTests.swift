import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService

/// Menus: voluntary, by day, public at once, never changed afterwards.
struct MenuTests {
    private static let path = "/disclosure/desk/canteens/canteen-1/menu"

    private struct Document: Decodable {
        let version: Int
        let meals: [MenuMeal]
    }

    @Test func aSchoolsMenuIsPublicAndToldAndCorrectedAsANewVersion() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let before = try await client.get("/disclosure/v1/canteens/canteen-1/menu")
            #expect(before.status == .notFound && before.problemCode == "menu_not_published")
            #expect(try await !client.page("/disclosure/canteens/canteen-1").text.contains("今日食谱"))
            let tag = try #require(try await client.page("/disclosure/canteens/canteen-1").headers[.eTag])
            let sent = [("day", "2026-11-23"), ("lunch", "清蒸鱼\n番茄炒蛋、米饭"), ("dinner", "")]
            #expect(try await client.submit(Self.path, as: TestPersons.principal, sent).status == .seeOther)
            let known = try await client.get("/disclosure/canteens/canteen-1", headers: [.ifNoneMatch: tag])
            #expect(known.status == .ok)
            let page = try await client.page("/disclosure/canteens/canteen-1")
            #expect(page.text.contains("清蒸鱼、番茄炒蛋、米饭") && !page.text.contains("晚餐"))
            // The same again is no correction; another one is.
            _ = try await client.submit(Self.path, as: TestPersons.principal, sent)
            _ = try await client.submit(
                Self.path, as: TestPersons.principal, [("day", "2026-11-23"), ("lunch", "红烧肉")])
            let menu = try await client.get("/disclosure/v1/canteens/canteen-1/menu").json(Document.self)
            #expect(menu.version == 2 && menu.meals == [MenuMeal(meal: .lunch, dishes: ["红烧肉"])])
            let told = try await client.pool.query("SELECT type FROM journal ORDER BY position") { row -> String in
                try row["type"]
            }
            #expect(told.filter { $0 == MenuPublished.type }.count == 2)
            // Tomorrow it is yesterday's: no longer today's menu, and fixed.
            client.clock.advance(by: .seconds(86_400))
            #expect(try await !client.page("/disclosure/canteens/canteen-1").text.contains("红烧肉"))
            let late = try await client.submit(
                Self.path, as: TestPersons.principal, [("day", "2026-11-23"), ("lunch", "白粥")])
            #expect(late.status == .unprocessableContent)
            let kept = try await client.get("/disclosure/v1/canteens/canteen-1/menu?day=2026-11-23").json(Document.self)
            #expect(kept.version == 2)
        }
    }

    @Test func badMenusAreRefusedAndNothingChanges() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let cases: [[(String, String)]] = [
                [("day", "2026-11-23")], [("day", "2026-11-23"), ("lunch", " 、\n")],
                [("day", "2026-11-22"), ("lunch", "鱼")], [("day", "2026-12-14"), ("lunch", "鱼")],
                [("day", "24.11."), ("lunch", "鱼")],
                [("day", "2026-11-23"), ("lunch", String(repeating: "鱼", count: 31))],
                [("day", "2026-11-23"), ("lunch", Array(repeating: "鱼", count: 21).joined(separator: "\n"))],
                [("day", "2026-11-23"), ("lunch", "订餐 13800138000")],
            ]
            for sent in cases {
                let answer = try await client.submit(Self.path, as: TestPersons.principal, sent)
                #expect(answer.status == .unprocessableContent, "\(sent)")
            }
            let good = [("day", "2026-11-23"), ("lunch", "鱼")]
            #expect(try await client.submit(Self.path, as: TestPersons.station, good).status == .forbidden)
            #expect(try await client.submit(Self.path, as: TestPersons.otherPrincipal, good).status == .notFound)
            #expect(try await client.get("/disclosure/v1/canteens/canteen-1/menu").status == .notFound)
        }
    }
}
