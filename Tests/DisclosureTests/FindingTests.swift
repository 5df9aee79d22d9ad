import Access
import Contracts
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService

struct FindingTests {
    private struct Filed: Decodable {
        let replyId: ReplyID?
        let appealId: AppealID?
    }

    /// Scenario 17 of the domain: D8 edit by school → 403; reply by school → pending → moderated → shown.
    @Test func aReplyIsShownBesideTheCheckAfterModeration() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let check = try await desk.publish("D8", DeskClient.inspection, by: TestPersons.station)
            let path = "items/\(check.itemId.rawValue)"
            let edit = try await client.post(
                "/disclosure/api/\(path)/content", as: TestPersons.principal,
                json: DeskClient.Command(content: DeskClient.inspection, reason: "学校更正", then: "publish"))
            #expect(edit.status == .forbidden)
            let personal = try await desk.text("\(path)/reply", "联系 13812345678", by: TestPersons.principal)
            #expect(personal.problemCode == "personal_data")
            let operatorReplies = try await desk.text("\(path)/reply", "已整改完成", by: TestPersons.platformOperator)
            #expect(operatorReplies.status == .forbidden)
            let reply = try await desk.text("\(path)/reply", "标签机故障，已更换。", by: TestPersons.safetyLead)
            let id = try #require(try reply.json(Filed.self).replyId)
            #expect(
                try await desk.text("\(path)/reply", "再回应一次", by: TestPersons.principal).problemCode == "reply_pending")
            #expect(try await !client.get("/disclosure/v1/\(path)").text.contains("标签机故障"))
            for person in [TestPersons.principal, TestPersons.education] {
                let answer = try await desk.decide("replies/\(id.rawValue)", "publish", reason: nil, by: person)
                #expect(answer.status == .forbidden)
            }
            let foreign = try await desk.decide(
                "replies/\(id.rawValue)", "publish", reason: nil, by: TestPersons.otherCounty)
            #expect(foreign.status == .notFound)
            #expect(
                try await desk.decide("replies/\(id.rawValue)", "publish", reason: nil, by: TestPersons.county).status
                    == .ok)
            #expect(try await client.get("/disclosure/v1/\(path)").text.contains("标签机故障"))
            let again = try await desk.decide(
                "replies/\(id.rawValue)", "refuse", reason: "不当内容", by: TestPersons.county)
            #expect(again.problemCode == "already_decided")
            #expect(try await desk.journal().suffix(2) == ["reply.written.v1", "reply.published.v1"])
        }
    }

    @Test func anAppealIsDecidedByAnotherOfficer() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let rating = try await desk.publish("D2", DeskClient.rating, by: TestPersons.county)
            let path = "items/\(rating.itemId.rawValue)"
            let filed = try await desk.text("\(path)/appeal", "评分遗漏了改造后的清洗间。", by: TestPersons.principal)
            let id = try #require(try filed.json(Filed.self).appealId)
            #expect(try await client.get("/disclosure/v1/\(path)").text.contains("\"contested\":true"))
            let due = try await client.pool.first("SELECT decide_by::text AS day FROM appeal") {
                try $0["day"] as String
            }
            // 20 working days of 2026, without the day of filing.
            #expect(due == "2026-12-21")
            let own = try await desk.decide(
                "appeals/\(id.rawValue)", "dismiss", reason: "维持原评定", by: TestPersons.county)
            #expect(own.status == .forbidden && own.problemCode == "involved_officer")
            #expect(
                try await desk.decide("appeals/\(id.rawValue)", "uphold", reason: nil, by: TestPersons.city).problemCode
                    == "missing")
            let upheld = try await desk.decide(
                "appeals/\(id.rawValue)", "uphold", reason: "复核后撤销原评定", by: TestPersons.city)
            #expect(upheld.status == .ok)
            #expect(try await client.get("/disclosure/v1/\(path)").status == .gone)
            let record = try await client.get("/disclosure/v1/canteens/canteen-1").text
            #expect(record.contains("\"grade\":\"ungraded\""))
        }
    }

    @Test func onlyTheOrganThatPublishedACheckMayWithdrawIt() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let check = try await desk.publish("D8", DeskClient.inspection, by: TestPersons.station)
            let school = try await desk.step(check.itemId, "withdraw", reason: "学校不同意", by: TestPersons.principal)
            #expect(school.status == .forbidden)
            let county = try await desk.step(check.itemId, "withdraw", reason: "录入有误", by: TestPersons.county)
            #expect(county.problemCode == "other_organ")
            #expect(
                try await desk.step(check.itemId, "withdraw", reason: "录入有误", by: TestPersons.station).status == .ok)
        }
    }

    @Test func onlyFindingsCanBeAnswered() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let pledge = try await desk.publish("D3", DeskClient.pledge)
            let answer = try await desk.text(
                "items/\(pledge.itemId.rawValue)/reply", "自己回应自己", by: TestPersons.principal)
            #expect(answer.status == .conflict && answer.problemCode == "not_a_finding")
        }
    }
}
