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

    /// What no recorder holds any more is gone, and the answer says what there is.
    @Test func aRecordingOlderThanItIsKeptIsGone() async throws {
        try await PatrolWorld.run(environment: ["RECORDING_DAYS": "15"]) { world in
            let station = TestPersons.station
            let patrol = try await world.open([1], as: station)
            let path = "/patrol/api/v1/patrols/\(patrol)/playbacks"
            func shortfall(_ day: String, recorded: Int) throws -> CoverageBelowMinimum {
                CoverageBelowMinimum(
                    cameraId: world.cameraId(1), canteenId: world.canteenId(1), schoolId: TestPersons.school,
                    divisionCode: "440703", day: try #require(LocalDate(iso: day)), shortfall: .day,
                    recordedSeconds: recorded, operatingSeconds: 86_400, gaps: 2, windowDays: 15,
                    windowRecordedSeconds: 1, windowOperatingSeconds: 2, minimumPermille: 950)
            }
            try await world.receive(try shortfall("2026-11-18", recorded: 0))
            try await world.receive(try shortfall("2026-11-20", recorded: 3600))
            func ask(_ day: String) async throws -> TestResponse {
                try await world.client.post(
                    path, as: station,
                    json: Body(from: "\(day)T07:00:00+08:00", to: "\(day)T07:10:00+08:00", reason: "complaint"))
            }
            let old = try await ask("2026-11-07")
            #expect(old.status == .gone && old.problemCode == "recording_expired")
            #expect(old.text.contains("2026-11-08") && old.text.contains("2026-11-20"), "earliest day and gaps")
            let empty = try await ask("2026-11-18")
            #expect(empty.status == .gone && empty.problemCode == "not_recorded")
            #expect(try await world.client.pool.views(of: patrol).isEmpty, "nothing was written")
            #expect(try await ask("2026-11-20").status == .created)
            #expect(try await ask("2026-11-08").status == .created)
        }
    }
}
