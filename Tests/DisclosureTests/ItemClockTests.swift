import Calendar
import Contracts
import TestSupport
import Testing

@testable import DisclosureService

struct ItemClockTests {
    @Test func remindersComeOnceEachAndTheEndTakesTheItemDown() async throws {
        try await DisclosureTest.withCanteen { service, client in
            let desk = DeskClient(client: client)
            let health = try await desk.publish("D5", DeskClient.health)
            var days: [String] = []
            // Every day from far before to after the end (2027-02-28).
            client.clock.set(Story.time("2026-12-25T09:00:00+08:00"))
            for _ in 0..<68 {
                let before = try await desk.journal().count
                _ = try await service.itemClock.tick()
                _ = try await service.itemClock.tick()
                for type in try await desk.journal().dropFirst(before) where type != "completeness.changed.v1" {
                    days.append("\(LocalDate(client.clock.now()).iso) \(type)")
                }
                client.clock.advance(by: .seconds(86_400))
            }
            #expect(
                days == [
                    "2026-12-30 item.expiring.v1", "2027-01-29 item.expiring.v1", "2027-02-21 item.expiring.v1",
                    "2027-02-28 item.expiring.v1", "2027-03-01 item.expired.v1",
                ])
            let item = try await client.get("/disclosure/v1/items/\(health.itemId.rawValue)").text
            #expect(item.contains("\"state\":\"expired\""))
            #expect(try await client.get("/disclosure/v1/canteens/canteen-1").text.contains("\"D5\",\"D6\""))
        }
    }

    @Test func aLicenceThatEndedStaysInSight() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(validTo: "2026-12-01"), to: service, client)
            client.clock.set(Story.time("2026-12-03T09:00:00+08:00"))
            _ = try await service.itemClock.tick()
            let record = try await client.get("/disclosure/v1/canteens/canteen-1").text
            #expect(record.contains("\"state\":\"expired\"") && record.contains("\"published\":[\"D1\"]"))
        }
    }
}
