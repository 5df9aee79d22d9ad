import Calendar
import Contracts
import Postgres
import TestSupport
import Testing

@testable import DisclosureService

/// What becomes public because of what other services tell.
struct PublicationTests {
    private func journal(_ client: ServiceClient) async throws -> [String] {
        try await client.pool.query("SELECT type FROM journal ORDER BY position") { try $0["type"] as String }
    }

    @Test func aRegisteredCanteenHasItsLicencePublishedAtOnce() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            #expect(try await journal(client) == [ItemPublished.type, CompletenessChanged.type])
            let data = try await client.pool.first("SELECT data FROM journal ORDER BY position LIMIT 1") {
                try $0["data"] as [UInt8]
            }
            let event = try EventJSON.decode(ItemPublished.self, from: try #require(data))
            #expect(event.category == .d1 && event.version == 1 && event.validTo == Story.day("2029-03-17"))
            #expect(event.publishedAt == client.clock.now())
        }
    }

    /// Art 5: the school prepares before the licence; the public sees the canteen from the licence on.
    @Test func aPlannedCanteenIsTheSchoolsWorkOnlyUntilItsLicenceComes() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.planned(), to: service, client)
            #expect(try await journal(client).isEmpty)
            let page = "/disclosure/canteens/\(Story.canteen)"
            for path in [page, page + "/history", "/disclosure/v1/canteens/\(Story.canteen)"] {
                #expect(try await client.get(path).status == .notFound, "\(path)")
            }
            let before = try await client.page("/disclosure/")
            #expect(!before.text.contains("紫茶示例小学"))
            let head = TestPersons.staff(.principal, Story.school)
            let desk = try await client.page("/disclosure/desk", as: head)
            #expect(desk.status == .ok && desk.text.contains("尚未取得食品经营许可证") && !desk.text.contains(page + "\""))
            try await Story.tell(Story.registered(), to: service, client)
            #expect(try await journal(client) == [ItemPublished.type, CompletenessChanged.type])
            #expect(try await client.page(page).status == .ok)
            #expect(try await client.page("/disclosure/").text.contains("紫茶示例小学"))
        }
    }

    @Test func theSameFactsAgainPublishNothing() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            try await Story.tell(Story.registered(), to: service, client)
            #expect(try await journal(client).count == 2)
        }
    }

    @Test func aRenewedLicenceIsTheNextVersionAndTheOldOneStays() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(validTo: "2026-11-20"), to: service, client)
            try await Story.tell(Story.changed(licence: "JY34407030000028", validTo: "2031-11-19"), to: service, client)
            let versions = try await client.pool.query(
                "SELECT version, reason FROM item_record WHERE canteen_id = \(Story.canteen) ORDER BY version"
            ) { row -> String in
                let version: Int = try row["version"]
                let reason: String = try row["reason"]
                return "\(version) \(reason)"
            }
            #expect(versions == ["1 first", "2 renewed"])
            // Completeness did not change with the second version.
            #expect(try await journal(client) == [ItemPublished.type, CompletenessChanged.type, ItemPublished.type])
        }
    }

    @Test func aPublishedVersionCannotBeChanged() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            for statement: SQL in [
                "UPDATE item_record SET reason = 'x'", "DELETE FROM item_record", "TRUNCATE item_record",
            ] {
                await #expect(throws: PostgresError.self) { try await client.pool.execute(statement) }
            }
        }
    }

    @Test func aRevokedLicenceIsShownAsRevokedNotRemoved() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            let revoked = LicenceRevoked(
                canteenId: Story.canteen, licenceNumber: "JY34407030000010", revokedOn: Story.day("2026-11-23"),
                reason: "revoked")
            try await Story.tell(revoked, to: service, client)
            let page = try await client.page("/disclosure/canteens/canteen-1").text
            #expect(page.contains("许可证已吊销"))
            #expect(page.contains("JY34407030000010"))
        }
    }

    @Test func problemsMayArriveBeforeTheirCanteen() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.found("p1"), to: service, client)
            #expect(try await client.get("/disclosure/v1/canteens/canteen-1").status == .notFound)
            try await Story.tell(Story.registered(), to: service, client)
            let page = try await client.page("/disclosure/canteens/canteen-1").text
            #expect(page.contains("两名员工未佩戴口罩"))
        }
    }
}
