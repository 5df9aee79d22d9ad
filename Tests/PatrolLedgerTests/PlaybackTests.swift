import Access
import Calendar
import Contracts
import HummingbirdTesting
import TestSupport
import Testing

@testable import PatrolLedgerService

/// Recordings in a patrol: never without a reason, always in the view log, never proof of a visit.
struct PlaybackTests {
    private struct Body: Encodable {
        var cameraId = CameraID("camera-1-Z3")
        var from: String
        var to: String
        var reason: String?
    }
    private struct Log: Decodable { let items: [ViewView] }

    @Test func aRecordingNeedsAReasonAndIsWrittenDown() async throws {
        try await PatrolWorld.run { world in
            let station = TestPersons.station
            let patrol = try await world.open([1], as: station)
            let path = "/patrol/api/v1/patrols/\(patrol)/playbacks"
            let (from, to) = ("2026-11-23T07:00:00+08:00", "2026-11-23T07:10:00+08:00")
            func code(_ body: Body) async throws -> String? {
                let answer = try await world.client.post(path, as: station, json: body)
                #expect(answer.status == .unprocessableContent)
                return answer.problemCode
            }
            #expect(try await code(Body(from: from, to: to)) == "reason_required")
            #expect(try await code(Body(from: from, to: to, reason: " ")) == "reason_required")
            #expect(try await code(Body(from: from, to: to, reason: "curiosity")) == "not_allowed")
            #expect(try await code(Body(from: to, to: from, reason: "patrol")) == "playback_span")
            #expect(
                try await code(Body(from: from, to: "2026-11-23T23:00:00+08:00", reason: "patrol")) == "playback_span")
            #expect(
                try await code(Body(cameraId: world.cameraId(2), from: from, to: to, reason: "patrol"))
                    == "camera_not_in_patrol")
            #expect(try await world.client.pool.views(of: patrol).isEmpty, "nothing was written")

            let answer = try await world.client.post(
                path, as: station, json: Body(from: from, to: to, reason: "complaint"))
            #expect(answer.status == .created)
            let opening = try answer.json(PlaybackOpening.self)
            #expect(
                opening.path.hasPrefix("/parent/playback?camera=camera-1-Z3&day=2026-11-23&from=07:00&to=07:10"))
            #expect(opening.path.contains("&reason=complaint&reference=\(patrol)"))
            let log = try await world.client.get("/patrol/api/v1/patrols/\(patrol)/views", as: station).json(Log.self)
            let view = try #require(log.items.first)
            #expect(log.items.count == 1 && view.mode == "playback" && view.reason == "complaint")
            #expect(view.recordedFrom?.rfc3339 == "2026-11-23T07:00:00.000000+08:00")
            #expect(try await world.events("brightkitchen.patrol.playback.opened.v1") == ["canteen-1"])

            // Ten minutes of recording are no second of watching, and the ledger tells the two apart.
            try await world.visit(1, in: patrol, as: station)
            let closed = try await world.service.desk.close(patrol, by: world.caller(station))
            let entry = try EventJSON.decode(
                LedgerContent.self,
                from: try #require(try await world.client.pool.ledgerEntry(closed.ledgerNumber)).content)
            let zone = try #require(entry.canteens.first?.zones.first { $0.zone == .z3 })
            #expect(zone.viewedSeconds == 35 && zone.mode == "live" && zone.playbacks?.map(\.reason) == ["complaint"])
        }
    }

    @Test func thePageAsksForTheReason() async throws {
        try await PatrolWorld.run { world in
            let station = TestPersons.station
            let patrol = try await world.open([1], as: station)
            let page = "/patrol/patrols/\(patrol)/canteens/canteen-1/zones/Z3"
            #expect(try await world.client.page(page, as: station).text.contains("查看回放"))
            let fields = [("camera", "camera-1-Z3"), ("day", "2026-11-23"), ("from", "07:00"), ("to", "07:10")]
            let bare = try await world.client.submit("\(page)/playback", as: station, fields + [("reason", "")])
            #expect(bare.status == .unprocessableContent && bare.text.contains("查看回放须选择事由"))
            let sent = try await world.client.submit("\(page)/playback", as: station, fields + [("reason", "patrol")])
            #expect(sent.status == .seeOther)
            #expect(sent.headers[.location]?.hasPrefix("/parent/playback?camera=camera-1-Z3") == true)
            #expect(try await world.client.page(page, as: station).text.contains("已查看的回放"))
        }
    }
}
