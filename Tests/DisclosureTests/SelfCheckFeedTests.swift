import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService

/// What the school submits as a self-check is its D9, without typing it twice.
struct SelfCheckFeedTests {
    private static func check(
        day: String = "2026-11-23", version: Int = 1, found: [SelfCheckFinding] = [], late: Bool = false
    ) -> SelfCheckSubmitted {
        SelfCheckSubmitted(
            canteenId: Story.canteen, schoolId: Story.school, period: .daily, firstDay: Story.day(day),
            lastDay: Story.day(day), version: version, noProblemFound: found.isEmpty, findings: found,
            submittedBy: PersonID("person-1"), role: .safetyLead, submittedAt: Story.time("2026-11-23T08:30:00+08:00"),
            late: late, missingReports: [], identicalRun: 1, qualityFlags: [])
    }

    private struct Slice: Decodable {
        struct Item: Decodable {
            let itemId: String
            let version: Int
            let late: Bool
            let content: [String: FieldValue]
        }
        let items: [Item]
    }

    @Test func aSubmittedCheckIsPublicAndItsNextVersionReplacesIt() async throws {
        try await DisclosureTest.withCanteen { service, client in
            func items() async throws -> [Slice.Item] {
                try await client.get("/disclosure/v1/canteens/canteen-1/items?category=D9").json(Slice.self).items
            }
            #expect(try await items().isEmpty)
            try await Story.tell(Self.check(), to: service, client)
            let first = try #require(try await items().first)
            #expect(first.version == 1 && first.content["found"] == .text("no"))
            #expect(try await client.page("/disclosure/canteens/canteen-1").text.contains("还有 7 类未公示"))
            let finding = SelfCheckFinding(problemId: ProblemID("p1"), zone: .z3, itemCode: "Z3-07", severity: 2)
            try await Story.tell(Self.check(version: 2, found: [finding]), to: service, client)
            let now = try await items()
            #expect(now.count == 1 && now[0].itemId == first.itemId && now[0].version == 2)
            #expect(now[0].content["findings"] == .text("发现 1 项问题：Z3-07"))
            // Another day is another report; a late one is told to be late.
            try await Story.tell(Self.check(day: "2026-11-20", late: true), to: service, client)
            #expect(try await items().map(\.late).sorted { !$0 && $1 } == [false, true])
        }
    }
}
