import Calendar
import Contracts
import HummingbirdTesting
import TestSupport
import Testing

@testable import PatrolLedgerService

/// 补录: what was filled in without a connection keeps its true time, and page and ledger say so (art 7).
struct LateEntryTests {
    private func entry(_ world: PatrolWorld, at: Instant?, note: String? = nil) -> SheetEntry {
        var entry = world.sheet(.z3, note.map { [ItemFinding(code: "Z3-02", result: .ok, note: $0)] } ?? [])
        entry.enteredAt = at
        return entry
    }

    @Test func aLateEntryKeepsItsTimeThroughLedgerAndPage() async throws {
        try await PatrolWorld.run { world in
            let station = TestPersons.station
            let patrol = try await world.open([1, 2], as: station)
            let path = "/patrol/api/v1/patrols/\(patrol)/canteens/canteen-1/zones/Z3/submit"
            try await world.watch(1, in: patrol, as: station)
            let filledIn = world.client.clock.now()
            world.client.clock.advance(by: .seconds(1800))
            let future = entry(world, at: world.client.clock.now() + .seconds(600))
            let refused = try await world.client.post(path, as: station, json: future)
            #expect(refused.status == .unprocessableContent && refused.problemCode == "future_time")
            let early = entry(world, at: filledIn - .seconds(86_400))
            #expect(try await world.client.post(path, as: station, json: early).problemCode == "before_patrol")
            let answer = try await world.client.post(path, as: station, json: entry(world, at: filledIn))
            #expect(answer.status == .noContent, "\(answer.text)")

            let received = world.client.clock.now()
            let view = try await world.client.get("/patrol/api/v1/patrols/\(patrol)", as: station).json(PatrolView.self)
            let zone = try #require(view.canteens.first?.zones.first { $0.zone == .z3 })
            #expect(zone.late && zone.enteredAt == filledIn && zone.receivedAt == received)
            let page = try await world.client.page("/patrol/patrols/\(patrol)/canteens/canteen-1/zones/Z3", as: station)
            #expect(page.text.contains("补录") && page.text.contains("data-offline="))
            #expect(page.text.contains("offline.js"), "the form survives a lost connection")

            try await world.visit(2, in: patrol, as: station)
            let closed = try await world.service.desk.close(patrol, by: world.caller(station))
            let stored = try #require(try await world.client.pool.ledgerEntry(closed.ledgerNumber))
            let content = try EventJSON.decode(LedgerContent.self, from: stored.content)
            let zones = content.canteens.flatMap(\.zones)
            #expect(zones.compactMap(\.late).map(\.enteredAt) == [filledIn], "only the zone that came in late")
            let print = try await world.client.page("/patrol/ledger/\(closed.ledgerNumber)", as: station)
            #expect(print.text.contains("补录") && print.text.contains("连接恢复后"))
        }
    }

    /// A draft that was saved in time is not late because it is submitted later; new content is.
    @Test func onlyContentThatIsNewIsLate() async throws {
        try await PatrolWorld.run { world in
            let station = TestPersons.station
            let caller = world.caller(station)
            let patrol = try await world.open([1], as: station)
            try await world.watch(1, in: patrol, as: station)
            let desk = world.service.desk
            let canteen = world.canteenId(1)
            func isLate() async throws -> Bool? {
                try await world.client.pool.sheets(of: patrol).first { $0.zone == .z3 }?.isLate
            }
            let filledIn = world.client.clock.now()
            try await desk.saveDraft(
                entry(world, at: filledIn), patrol: patrol, canteen: canteen, zone: .z3, by: caller)
            world.client.clock.advance(by: .seconds(1200))
            try await desk.submitSheet(
                entry(world, at: filledIn), patrol: patrol, canteen: canteen, zone: .z3, by: caller)
            #expect(try await isLate() == false)
            // An autosave that comes after the submission neither unsubmits it nor makes it late.
            try await desk.saveDraft(
                entry(world, at: filledIn), patrol: patrol, canteen: canteen, zone: .z3, by: caller)
            #expect(try await world.client.pool.sheets(of: patrol).first?.isSubmitted == true)
            let changed = entry(world, at: filledIn, note: "地面湿滑")
            try await desk.submitSheet(changed, patrol: patrol, canteen: canteen, zone: .z3, by: caller)
            #expect(try await isLate() == true)
        }
    }
}
