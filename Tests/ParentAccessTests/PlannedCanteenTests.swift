import Contracts
import Postgres
import TestSupport
import Testing

@testable import Journal
@testable import ParentAccessService

/// Art 5: a canteen may be known before its licence. It does not operate, so nobody watches it.
struct PlannedCanteenTests {
    @Test func aCanteenWithoutLicenceIsKnownAndDoesNotOperate() async throws {
        try await Story.run { story in
            let planned = CanteenPlanned(
                canteenId: CanteenID("canteen-60"), name: "新食堂", schoolId: TestPersons.school,
                schoolName: "蓬江区示例小学", schoolType: .primary, isCaterer: false, uscc: "12440703MB2C00000X",
                divisionCode: "440703", cityDirect: false, supervisingDepartment: .education, servingMode: "自营",
                diners: 100, zones: [.z3])
            let received = ReceivedEvent(
                id: .new(), event: planned, source: "urn:brightkitchen:registry", sequence: nil,
                occurredAt: story.client.clock.now(), correlationId: "test", traceparent: nil,
                consumedBy: "parent-access")
            let subscription = try #require(
                story.service.subscriptions.first { $0.type == CanteenPlanned.type })
            for _ in 1...2 {
                try await story.client.pool.transaction { try await subscription.handle([received], $0) }
            }
            let known = try await story.client.pool.query(
                "SELECT operating, licence_revoked, licence_number IS NULL AS none FROM canteen WHERE name = '新食堂'"
            ) { row -> [Bool] in [try row["operating"], try row["licence_revoked"], try row["none"]] }
            #expect(known == [[false, false, true]])
            try await story.service.refresher.refresh()
            let portal = try await story.client.page("/parent/school", as: TestPersons.principal)
            #expect(portal.status.code < 500)
        }
    }
}
