import Access
import Calendar
import Contracts
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService

struct ItemFlowTests {
    @Test func anItemGoesFromDraftThroughReturnToPublicAndOnToItsCorrection() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let draft = try await desk.answer("D3", DeskClient.pledge, then: "submit", by: TestPersons.platformOperator)
            let item = try draft.json(DeskClient.View.self)
            #expect(item.state == "submitted")
            let path = "/disclosure/v1/items/\(item.itemId.rawValue)"
            #expect(try await client.get(path).status == .notFound)
            // An operator prepares; whoever answers for it publishes.
            let early = try await desk.step(item.itemId, "publish", by: TestPersons.platformOperator)
            #expect(early.status == .forbidden)
            #expect(try await desk.step(item.itemId, "return", by: TestPersons.principal).problemCode == "missing")
            let returned = try await desk.step(item.itemId, "return", reason: "签名看不清", by: TestPersons.principal)
            #expect(try returned.json(DeskClient.View.self).state == "returned")
            #expect(try await desk.step(item.itemId, "submit", by: TestPersons.platformOperator).status == .ok)
            let published = try await desk.step(item.itemId, "publish", by: TestPersons.safetyLead)
            #expect(try published.json(DeskClient.View.self).published?.validTo == Story.day("2027-08-31"))
            // The public sees the masked name, the school the full one.
            #expect(try await client.get(path).text.contains("\"signer\":\"欧阳*\""))
            let own = try await client.get("/disclosure/api/items/\(item.itemId.rawValue)", as: TestPersons.principal)
            #expect(own.text.contains("欧阳校长"))
            // A correction needs a reason and becomes version 2; version 1 stays as it was.
            var corrected = DeskClient.pledge
            corrected["post"] = "党总支书记、校长"
            let blunt = try await client.post(
                "/disclosure/api/items/\(item.itemId.rawValue)/content", as: TestPersons.principal,
                json: DeskClient.Command(content: corrected, then: "publish"))
            #expect(blunt.problemCode == "missing")
            let again = try await client.post(
                "/disclosure/api/items/\(item.itemId.rawValue)/content", as: TestPersons.principal,
                json: DeskClient.Command(content: corrected, reason: "职务填写不全", then: "publish"))
            #expect(try again.json(DeskClient.View.self).published?.version == 2)
            let history = try await client.get(path + "/history").text
            #expect(history.contains("\"post\":\"校长\"") && history.contains("职务填写不全"))
            await #expect(throws: (any Error).self) {
                try await client.pool.execute("UPDATE item_record SET version = 9")
            }
        }
    }

    @Test func nineOfNineIsToldOnceAndADirectorIsNeededInALargeCanteen() async throws {
        try await DisclosureTest.withCanteen { service, client in
            let desk = DeskClient(client: client)
            try await desk.publish("D2", DeskClient.rating, by: TestPersons.county)
            try await desk.publish("D3", DeskClient.pledge)
            var officer = DeskClient.director
            officer["post"] = "officer"
            try await desk.publish("D4", officer)
            try await desk.publish("D5", DeskClient.health)
            try await desk.publish("D6", DeskClient.additive)
            try await desk.publish("D7", DeskClient.purchase)
            try await desk.publish("D8", DeskClient.inspection, by: TestPersons.station)
            try await desk.publish("D9", DeskClient.selfCheck)
            let missing = try await client.get("/disclosure/v1/canteens/canteen-1").text
            #expect(missing.contains("\"missing\":[\"D4\"]"))
            try await desk.publish("D4", DeskClient.director)
            #expect(try await client.get("/disclosure/v1/canteens?complete=true").text.contains("\"total\":1"))
            let last = try await client.pool.first(
                "SELECT data FROM journal WHERE type = \(CompletenessChanged.type) ORDER BY position DESC LIMIT 1"
            ) { row in String(decoding: try row["data"] as [UInt8], as: UTF8.self) }
            #expect(last?.contains("\"missing\":[]") == true)
        }
    }

    @Test func aNewPledgeTakesThePlaceOfTheOldAndAWithdrawnOneIsGone() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let old = try await desk.publish("D3", DeskClient.pledge)
            let new = try await desk.publish("D3", DeskClient.pledge.merging(["post": "副校长"]) { $1 })
            let moved = try await client.get("/disclosure/v1/items/\(old.itemId.rawValue)")
            #expect(moved.status == .movedPermanently)
            #expect(moved.headers[.location] == "/disclosure/v1/items/\(new.itemId.rawValue)")
            #expect(try await desk.step(new.itemId, "withdraw").problemCode == "missing")
            #expect(try await desk.step(new.itemId, "withdraw", reason: "重新签署").status == .ok)
            let gone = try await client.get("/disclosure/v1/items/\(new.itemId.rawValue)")
            #expect(gone.status == .gone && gone.problemCode == "withdrawn" && gone.text.contains("重新签署"))
            // The name is erased with the item.
            let names = try await client.pool.first("SELECT count(*) AS n FROM item_person") { try $0["n"] as Int }
            #expect(names == 1)
        }
    }

    @Test(arguments: [
        ("D5", ["remark": "身份证 11010519491231002X"], "personal_data", "remark"),
        ("D5", ["remark": "电话 138 1234 5678"], "personal_data", "remark"),
        ("D5", ["valid_to": "2026-02-28"], "ends_before_start", "valid_to"),
        ("D5", ["valid_to": "2027-03-02"], "longer_than_a_year", "valid_to"),
        ("D5", ["issued_on": "2025-03-01", "valid_to": "2026-02-28"], "expired", "valid_to"),
        ("D5", ["issued_on": "2026-12-01"], "in_future", "issued_on"),
        ("D5", ["name": "工号 12"], "not_a_name", "name"),
        ("D5", ["post": ""], "missing", "post"),
        ("D5", ["diagnosis": "健康"], "unknown_field", "diagnosis"),
        ("D5", ["valid_to": "2026-02-30"], "not_a_date", "valid_to"),
        (
            "D5", ["certificate": "0123456789012345678901234567890123456789012345678901234567890123"], "unknown_file",
            "certificate"
        ),
        ("D6", ["amount": "20.5"], "above_limit", "amount"),
        ("D6", ["amount": "=1+1"], "not_a_number", "amount"),
        ("D6", ["name": "亚硝酸钠"], "nitrite_forbidden", "name"),
        ("D6", ["month": "2026-12"], "in_future", "month"),
        ("D7", ["keep_by": "2026-11-01"], "ends_before_start", "keep_by"),
        ("D9", ["found": "yes"], "invalid_fields", "findings"),
        ("D9", ["period": "hourly"], "not_allowed", "period"),
        ("D9", ["date": "2026-11-24"], "in_future", "date"),
    ])
    func badContentIsRefusedWithItsFieldAndChangesNothing(
        category: String, change: [String: String], code: String, field: String
    ) async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let good = [
                "D5": DeskClient.health, "D6": DeskClient.additive, "D7": DeskClient.purchase,
                "D9": DeskClient.selfCheck,
            ]
            let answer = try await desk.answer(category, (good[category] ?? [:]).merging(change) { $1 })
            #expect(answer.status == .unprocessableContent)
            #expect(answer.problemCode == code && answer.text.contains("\"\(field)\""), "\(answer.text)")
            let items = try await client.pool.first("SELECT count(*) AS n FROM item_head WHERE category <> 'D1'") {
                try $0["n"] as Int
            }
            #expect(items == 0)
        }
    }

    @Test func nitriteIsRefusedAndTheOrganHears() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let answer = try await desk.answer("D6", DeskClient.additive.merging(["name": "E250 nitrite"]) { $1 })
            #expect(answer.problemCode == "nitrite_forbidden")
            #expect(try await desk.journal().last == "additive.refused.v1")
        }
    }

    @Test func theSameBatchOrDayIsPublicOnlyOnce() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            for (category, content) in [("D7", DeskClient.purchase), ("D9", DeskClient.selfCheck)] {
                try await desk.publish(category, content)
                let again = try await desk.answer(category, content)
                #expect(again.status == .conflict && again.problemCode == "duplicate_item")
            }
        }
    }

    @Test func aDailyReportComesLateButIsNotLost() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let onTime = try await desk.publish("D9", DeskClient.selfCheck)
            let late = try await desk.publish("D9", DeskClient.selfCheck.merging(["date": "2026-11-20"]) { $1 })
            let old = try await desk.publish("D9", DeskClient.selfCheck.merging(["date": "2026-10-12"]) { $1 })
            #expect(onTime.published?.late == false && late.published?.late == true)
            #expect(old.published?.late == true && old.published?.state == "expired")
        }
    }

    @Test func notApplicableNeedsAReasonAndGivesWayToTheRealThing() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            #expect(try await desk.answer("D6", [:], notApplicable: true).problemCode == "missing")
            let pledge = try await desk.answer("D3", [:], notApplicable: true, reason: "不想公示")
            #expect(pledge.problemCode == "not_applicable_refused")
            let none = try await desk.answer("D6", [:], notApplicable: true, reason: "本食堂不使用食品添加剂")
            let item = try none.json(DeskClient.View.self).itemId
            #expect(try await client.get("/disclosure/v1/canteens/canteen-1").text.contains("本食堂") == false)
            let page = try await client.get("/disclosure/v1/canteens/canteen-1/items?category=D6").text
            #expect(page.contains("本食堂不使用食品添加剂"))
            try await desk.publish("D6", DeskClient.additive)
            #expect(try await client.get("/disclosure/v1/items/\(item.rawValue)").status == .movedPermanently)
            let back = try await desk.answer("D6", [:], notApplicable: true, reason: "本食堂不使用食品添加剂")
            #expect(back.problemCode == "has_current_items")
        }
    }

    @Test func nobodyPublishesWhatIsNotTheirs() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            for (category, content) in [("D2", DeskClient.rating), ("D8", DeskClient.inspection)] {
                #expect(try await desk.answer(category, content, by: TestPersons.principal).status == .forbidden)
            }
            #expect(try await desk.answer("D2", DeskClient.rating, by: TestPersons.station).status == .forbidden)
            #expect(try await desk.answer("D8", DeskClient.inspection, by: TestPersons.otherCounty).status == .notFound)
            #expect(try await desk.answer("D3", DeskClient.pledge, by: TestPersons.otherPrincipal).status == .notFound)
            #expect(try await desk.answer("D3", DeskClient.pledge, by: TestPersons.county).status == .forbidden)
            #expect(try await desk.answer("D1", [:], by: TestPersons.principal).problemCode == "copied_from_registry")
            let operatorPublishes = try await desk.answer("D3", DeskClient.pledge, by: TestPersons.platformOperator)
            #expect(operatorPublishes.status == .forbidden)
            let unsigned = try await client.post(
                "/disclosure/api/items", json: DeskClient.Command(category: "D3", content: DeskClient.pledge))
            #expect(unsigned.status == .unauthorized)
        }
    }

    @Test func eachAudienceSeesItsFields() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let rating = try await desk.publish("D2", DeskClient.rating, by: TestPersons.county)
            let health = try await desk.publish("D5", DeskClient.health)
            let open = try await client.get("/disclosure/v1/canteens/canteen-1/items").text
            #expect(open.contains("张*") && !open.contains("张三丰") && !open.contains("issued_on\":\"2026-03"))
            #expect(!open.contains("\"score\""))
            let school = try await client.get(
                "/disclosure/api/items/\(health.itemId.rawValue)", as: TestPersons.principal)
            #expect(school.text.contains("张三丰"))
            let score = try await client.get("/disclosure/api/items/\(rating.itemId.rawValue)", as: TestPersons.county)
            #expect(score.text.contains("\"score\":86"))
            for stranger in [TestPersons.otherPrincipal, TestPersons.otherCounty, TestPersons.parent] {
                let answer = try await client.get("/disclosure/api/items/\(health.itemId.rawValue)", as: stranger)
                #expect(answer.status == .notFound)
            }
        }
    }
}
