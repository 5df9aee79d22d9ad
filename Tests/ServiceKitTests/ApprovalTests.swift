import Access
import Contracts
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestSupport
import Testing

/// Two-person approval as the persons meet it.
@Suite struct ApprovalTests {
    private static let second = Principal(
        personId: PersonID("person-city-2"), role: .cityRegulator, organId: TestPersons.cityOrgan, organLevel: .city,
        department: .marketSupervision, divisionCode: "440700")

    private struct Shown: Decodable {
        let approvalId: String
        let status: String
        let contentSha256: String
        let decidedBy: String?
    }

    private struct List: Decodable {
        let items: [Shown]
        let total: Int
    }

    private func propose(_ client: ServiceClient, _ canteens: Int = 8) async throws -> Shown {
        let answer = try await client.post(
            "/sample/quota", as: TestPersons.city, json: SampleService.Quota(canteens: canteens))
        #expect(answer.status == .created)
        let list = try await client.get("/sample/v1/approvals?status=proposed", as: TestPersons.city)
        return try #require(try list.json(List.self).items.first)
    }

    private func decide(
        _ client: ServiceClient, _ shown: Shown, as person: Principal, _ decision: String = "approve",
        digest: String? = nil, note: String? = nil
    ) async throws -> TestResponse {
        var body = ["decision": decision, "content_sha256": digest ?? shown.contentSha256]
        body["note"] = note
        return try await client.post("/sample/v1/approvals/\(shown.approvalId)/decision", as: person, json: body)
    }

    private func notes(_ client: ServiceClient) async throws -> [String] {
        try await client.pool.query("SELECT text FROM note") { try $0["text"] }
    }

    private func facts(_ client: ServiceClient) async throws -> [String] {
        try await client.pool.query("SELECT type FROM journal ORDER BY position") { try $0["type"] }
    }

    @Test func onlyASecondPersonWithTheRightMakesItHappen() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let shown = try await propose(client)
            #expect(try await decide(client, shown, as: TestPersons.city).problemCode == "same_person")
            #expect(try await decide(client, shown, as: TestPersons.county).status == .forbidden)
            #expect(try await decide(client, shown, as: TestPersons.auditor).status == .forbidden)
            let elsewhere = Principal(
                personId: PersonID("p"), role: .cityRegulator, organId: OrganID("other"), organLevel: .city,
                department: .marketSupervision, divisionCode: "440100")
            #expect(try await decide(client, shown, as: elsewhere).status == .notFound)
            #expect(try await notes(client).isEmpty)

            let approved = try await decide(client, shown, as: Self.second)
            #expect(try approved.json(Shown.self).decidedBy == "person-city-2")
            #expect(try await notes(client) == ["8"])
            #expect(try await decide(client, shown, as: Self.second).problemCode == "approval_closed")
            #expect(try await notes(client) == ["8"])
            #expect(
                try await facts(client) == [
                    "brightkitchen.sample.approval.proposed.v1", "brightkitchen.sample.approval.approved.v1",
                ])
        }
    }

    @Test func theTableItselfRefusesOnePersonTwiceAndLaterChanges() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let shown = try await propose(client)
            let proposer = TestPersons.city.personId.rawValue
            for statement in [
                "UPDATE approval SET status = 'approved', decided_by = \(proposer), decided_at = now()",
                "UPDATE approval SET content = '{}'", "DELETE FROM approval",
            ] as [SQL] {
                await #expect(throws: PostgresError.self) { try await client.pool.execute(statement) }
            }
            #expect(try await decide(client, shown, as: Self.second, "refuse").problemCode == "missing")
            #expect(try await decide(client, shown, as: Self.second, "refuse", note: "过高").status == .ok)
            await #expect(throws: PostgresError.self) {
                try await client.pool.execute("UPDATE approval SET status = 'approved'")
            }
            #expect(try await notes(client).isEmpty)
        }
    }

    @Test func whatWasNotShownCannotBeApprovedAndAFailingEffectApprovesNothing() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let shown = try await propose(client, 500)
            let wrong = try await decide(client, shown, as: Self.second, digest: String(repeating: "0", count: 64))
            #expect(wrong.problemCode == "approval_content_changed")
            #expect(try await decide(client, shown, as: Self.second).problemCode == "too_many")
            let list = try await client.get("/sample/v1/approvals", as: TestPersons.city).json(List.self)
            #expect(list.total == 1 && list.items[0].status == "proposed")
            // A second proposal for the same subject waits for the first.
            let again = try await client.post(
                "/sample/quota", as: Self.second, json: SampleService.Quota(canteens: 9))
            #expect(again.problemCode == "approval_pending")
            #expect(try await decide(client, shown, as: Self.second, "withdraw").status == .forbidden)
            #expect(try await decide(client, shown, as: TestPersons.city, "withdraw").status == .ok)
            #expect(
                try await client.post(
                    "/sample/quota", as: Self.second, json: SampleService.Quota(canteens: 9)
                ).status == .created)
        }
    }

    @Test func aWeekLaterNobodyCanApproveAndTheNextProposalIsFree() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let shown = try await propose(client)
            client.clock.advance(by: .seconds(7 * 86_400))
            #expect(try await decide(client, shown, as: Self.second).problemCode == "approval_closed")
            let next = try await propose(client, 9)
            #expect(next.approvalId != shown.approvalId)
            #expect(try await facts(client).contains("brightkitchen.sample.approval.expired.v1"))
        }
    }

    @Test func thePageOffersTheButtonsToTheSecondPersonOnly() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let shown = try await propose(client)
            let own = try await client.page("/sample/approvals", as: TestPersons.city)
            #expect(own.text.contains("等待另一人审批") && !own.text.contains("value=\"approve\""))
            let other = try await client.page("/sample/approvals", as: Self.second, language: "en")
            #expect(other.text.contains("value=\"approve\"") && !other.text.contains("⟦"))
            let reader = try await client.page("/sample/approvals", as: TestPersons.auditor)
            #expect(reader.status == .ok && !reader.text.contains("value=\"approve\""))
            #expect(try await client.page("/sample/approvals", as: TestPersons.principal).status == .forbidden)
            let answer = try await client.submit(
                "/sample/approvals/\(shown.approvalId)", as: Self.second,
                [("decision", "approve"), ("content_sha256", shown.contentSha256)])
            #expect(answer.headers[.location] == "/sample/approvals")
            #expect(try await notes(client) == ["8"])
        }
    }
}
