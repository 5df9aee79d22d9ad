import Calendar
import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService

/// The pages: open to everybody, in words a parent understands.
struct PortalTests {
    @Test func aCanteenPageTellsTheStoryOfAProblemFromFindingToEnd() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            try await Story.tell(Story.camera("c1", zone: .z3, .active), to: service, client)
            try await Story.tell(Story.camera("c2", zone: .z1, .pending), to: service, client)
            try await Story.tell(Story.found("p1"), to: service, client)
            let open = try await client.page("/disclosure/canteens/canteen-1")
            #expect(open.status == .ok)
            for text in [
                "蓬江区紫茶示例小学", "许可证有效", "2029年3月17日", "还有 8 类未公示", "1 个整改中", "1 路在线", "整改中", "烹饪区",
                "2026年11月25日 23:59",
            ] {
                #expect(open.text.contains(text), "missing: \(text)")
            }
            try await Story.tell(Story.submitted("p1"), to: service, client)
            let submitted = try await client.page("/disclosure/canteens/canteen-1").text
            #expect(submitted.contains("已整改，待复核") && submitted.contains("已补发口罩并培训"))
            try await Story.tell(Story.closed("p1", .rectified), to: service, client)
            let closed = try await client.page("/disclosure/canteens/canteen-1").text
            #expect(closed.contains("整改完成") && closed.contains("没有待整改") && closed.contains("2026年11月22日 16:30"))
        }
    }

    @Test func aLateProblemIsCalledLateFromTheFirstMomentAfterItsDeadline() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            try await Story.tell(Story.found("p1", rectifyBy: "2026-11-23T12:00:00+08:00"), to: service, client)
            client.clock.set(Story.time("2026-11-23T12:00:00+08:00"))
            #expect(try await !client.page("/disclosure/canteens/canteen-1").text.contains("逾期未整改"))
            client.clock.advance(by: .seconds(1))
            #expect(try await client.page("/disclosure/canteens/canteen-1").text.contains("逾期未整改"))
        }
    }

    @Test func falseAlarmsAreNotShownAndComplainantsNotHintedAt() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            try await Story.tell(Story.found("p1", text: "疑似老鼠"), to: service, client)
            try await Story.tell(Story.closed("p1", .falsePositive), to: service, client)
            try await Story.tell(Story.found("p2", origin: .complaint, text: "餐具未洗净"), to: service, client)
            let page = try await client.page("/disclosure/canteens/canteen-1").text
            #expect(!page.contains("疑似老鼠"))
            #expect(page.contains("餐具未洗净") && !page.contains("投诉"))
            let json = try await client.get("/disclosure/v1/canteens/canteen-1").text
            #expect(!json.contains("疑似老鼠") && !json.contains("complaint"))
        }
    }

    @Test func theListFindsCanteensByPartOfTheirNameAndByDivision() async throws {
        try await DisclosureTest.run { service, client in
            for n in 1...30 {
                let division = n <= 10 ? "440703" : "440784"
                try await Story.tell(
                    Story.registered(CanteenID("canteen-\(n)"), school: "第\(n)示例小学", division: division), to: service,
                    client)
            }
            try await Story.tell(
                Story.registered(CanteenID("x"), school: "百分之100%_学校", division: "440785"), to: service, client)
            let all = try await client.page("/disclosure/").text
            #expect(all.contains("共 31 间食堂") && all.contains("1 / 2"))
            #expect(try await client.page("/disclosure/?q=示例&division=440703").text.contains("共 10 间食堂"))
            #expect(try await client.page("/disclosure/?q=100%25_").text.contains("共 1 间食堂"))
            #expect(try await client.page("/disclosure/?q=%25").text.contains("共 1 间食堂"))
            let none = try await client.page("/disclosure/?q=%3Cscript%3Ealert(1)").text
            #expect(none.contains("没有找到") && !none.contains("<script>alert"))
            #expect(try await client.page("/disclosure/?division=440782").status == .unprocessableContent)
        }
    }

    @Test func pagesSpeakEnglishWhenAsked() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(validTo: "2026-12-01"), to: service, client)
            let page = try await client.page("/disclosure/canteens/canteen-1", language: "en").text
            #expect(page.contains("Licence ends soon") && page.contains("valid to 1 December 2026"))
            #expect(page.contains("8 categories missing"))
        }
    }

    @Test func anUnknownCanteenIsNotFoundAndGarbageNeverReachesTheDatabase() async throws {
        try await DisclosureTest.run { _, client in
            for path in ["/disclosure/canteens/nobody", "/disclosure/canteens/a'%20OR%201=1"] {
                let answer = try await client.page(path)
                #expect(answer.status == .notFound)
            }
        }
    }
}
