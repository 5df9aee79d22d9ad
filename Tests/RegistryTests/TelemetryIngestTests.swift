import Calendar
import Contracts
import Foundation
import Journal
import ServiceKit
import Testing

@testable import RegistryService

/// Reports from the topic to register, faults and incidents.
struct TelemetryIngestTests {
    /// Cameras of one canteen, in order.
    private func canteen(_ test: TelemetryTest, _ number: Int) throws -> [Camera] {
        let canteens = Dictionary(grouping: test.cameras, by: \.canteenId).values.filter { $0.count >= 5 }
            .sorted { $0[0].gbId < $1[0].gbId }
        try #require(canteens.count > number)
        return canteens[number].sorted { $0.gbId < $1.gbId }
    }

    private func rows(_ table: String, _ test: TelemetryTest) async throws -> Int {
        try await test.client.pool.first("SELECT count(*) AS n FROM \(identifier: table)") { row -> Int in
            try row["n"]
        } ?? 0
    }

    @Test func onlyChangesAreStoredAndPublished() async throws {
        try await TelemetryTest.run { test in
            let cameras = try canteen(test, 0)
            let all = cameras.map { ($0, "ok") }
            try await test.minutes(1, all)
            let size = try await RegistryTest.journalSize(test.client)
            #expect(try await rows("camera_signal_interval", test) == cameras.count)
            try await test.minutes(30, all)
            #expect(try await rows("camera_signal_interval", test) == cameras.count)
            #expect(try await RegistryTest.journalSize(test.client) == size)
            #expect(
                try await SignalShareStore.share(cameras[0].id, window: .seconds(600), now: test.now, test.client.pool)
                    == 1)
        }
    }

    @Test func aLostCameraIsOfflineThenAFaultThenBack() async throws {
        try await TelemetryTest.run { test in
            let cameras = try canteen(test, 0)
            func signals(_ first: String) -> [(Camera, String)] {
                cameras.enumerated().map { ($0.element, $0.offset == 0 ? first : "ok") }
            }
            try await test.minutes(2, signals("ok"))
            try await test.minutes(1, signals("lost"))
            #expect(try await test.status(cameras[0]) == .active, "one report is not enough")
            try await test.minutes(1, signals("lost"))
            #expect(try await test.status(cameras[0]) == .offline)
            #expect(try await test.faults().isEmpty)
            try await test.minutes(9, signals("lost"))
            #expect(try await test.faults().map(\.kind) == [.signalLost])
            #expect(try await test.faults().first?.cameraId == cameras[0].id)
            // Nobody does anything for a day: the regulator is told once.
            test.client.clock.advance(by: .seconds(86_400))
            try await test.report(signals("lost"))
            try await test.watch.look()
            try await test.minutes(1, signals("lost"))
            #expect(try await test.events(FaultEscalated.type) == 1)
            try await test.minutes(1, signals("ok"))
            #expect(try await test.status(cameras[0]) == .active)
            #expect(try await test.faults().map(\.state) == [.recovered])
            #expect(try await test.events(FaultDetected.type) == 1)
            #expect(try await test.events(FaultStateChanged.type) == 1)
            // Again within the day: the same fault, not a second one.
            try await test.minutes(13, signals("lost"))
            #expect(try await test.faults().map(\.state) == [.detected])
            #expect(try await test.events(FaultDetected.type) == 2)
            try await test.minutes(1, signals("ok"))
            // Recovered by itself and confirmed by nobody: closed after a day.
            test.client.clock.advance(by: .seconds(86_400))
            try await test.minutes(1, signals("ok"))
            #expect(try await test.faults().map(\.state) == [.closed])
        }
    }

    @Test func aCanteenThatIsGoneIsOneIncident() async throws {
        try await TelemetryTest.run { test in
            let gone = try canteen(test, 0)
            let other = try canteen(test, 1)
            func signals(_ first: String) -> [(Camera, String)] { gone.map { ($0, first) } + other.map { ($0, "ok") } }
            try await test.minutes(2, signals("ok"))
            try await test.minutes(15, signals("lost"))
            let faults = try await test.faults()
            #expect(faults.map(\.kind) == [.massOutage])
            #expect(faults.first?.canteenId == gone[0].canteenId)
            #expect(faults.first?.cameraId == nil)
            #expect(try await test.events(IncidentStarted.type) == 1)
            #expect(try await rows("incident_camera", test) == gone.count)
            // All back but one: the incident goes on until that one is back as well.
            var partly = signals("ok")
            partly[0].1 = "lost"
            try await test.minutes(3, partly)
            #expect(try await test.events(IncidentEnded.type) == 0)
            try await test.minutes(1, signals("ok"))
            #expect(try await test.events(IncidentEnded.type) == 1)
            #expect(try await test.faults().map(\.state) == [.recovered])
        }
    }

    @Test func aDivisionThatIsGoneIsOneIncidentAndNotOneOfEachSchool() async throws {
        try await TelemetryTest.run { test in
            let operating = Set(
                try await test.client.pool.query("SELECT id FROM canteen WHERE operating") { row -> CanteenID in
                    try row["id"]
                })
            let divisions = Dictionary(grouping: test.cameras.filter { operating.contains($0.canteenId) }) {
                $0.gbId.prefix(6)
            }
            let gone = try #require(
                divisions.sorted { $0.key < $1.key }.map(\.value).first { Set($0.map(\.canteenId)).count >= 4 })
            try await test.minutes(2, gone.map { ($0, "ok") })
            try await test.minutes(15, gone.map { ($0, "lost") })
            let faults = try await test.faults()
            #expect(faults.map(\.kind) == [.massOutage])
            #expect(faults.first?.canteenId == nil)
            #expect(try await test.events(IncidentStarted.type) == 1)
            #expect(try await test.events(FaultDetected.type) == 1)
            #expect(try await rows("incident_camera", test) == gone.count)
            // One school's line stays down: it goes on as that school's own incident.
            let last = gone.filter { $0.canteenId == gone[0].canteenId }
            let mixed = gone.map { ($0, $0.canteenId == last[0].canteenId ? "lost" : "ok") }
            try await test.minutes(2, mixed)
            #expect(try await test.events(IncidentEnded.type) == 1)
            let open = try await test.faults().filter(\.isOpen)
            #expect(open.allSatisfy { $0.canteenId == last[0].canteenId })
            #expect(!open.isEmpty)
        }
    }

    @Test func aPlannedOutageIsNoFault() async throws {
        try await TelemetryTest.run { test in
            let cameras = try canteen(test, 0)
            let outage = OutageStore.Outage(
                id: "outage-1", canteenId: cameras[0].canteenId, cameraId: nil, from: test.now,
                to: test.now + .seconds(1_800), reason: "检修", state: .approved, enteredAt: test.now)
            try await test.client.pool.transaction {
                try await OutageStore.insert(outage, by: PersonID("p"), isDecided: true, $0)
            }
            try await test.monitor.refresh()
            try await test.minutes(2, cameras.map { ($0, "ok") })
            try await test.minutes(15, cameras.map { ($0, "lost") })
            #expect(try await test.faults().isEmpty)
            #expect(try await test.status(cameras[0]) == .offline, "planned or not, nobody can see it")
            // It should have been back by now.
            try await test.minutes(20, cameras.map { ($0, "lost") })
            try await test.monitor.refresh()
            try await test.minutes(1, cameras.map { ($0, "lost") })
            #expect(try await test.faults().map(\.kind) == [.massOutage])
        }
    }

    @Test func silenceIsNotOK() async throws {
        try await TelemetryTest.run { test in
            let cameras = try canteen(test, 0)
            try await test.minutes(2, cameras.map { ($0, "ok") })
            try await test.minutes(6, [])
            #expect(try await test.status(cameras[0]) == .degraded)
            #expect(await test.monitor.tracker(of: cameras[0].id)?.state == .unknown)
            try await test.minutes(11, [])
            #expect(try await test.faults().map(\.kind) == [.massOutage])
            // A camera that nobody ever reported is left alone.
            #expect(try await test.status(try canteen(test, 1)[0]) == .active)
        }
    }

    @Test func lostAndThenSilentIsOneAbsence() async throws {
        try await TelemetryTest.run { test in
            let cameras = try canteen(test, 0)
            try await test.minutes(2, cameras.map { ($0, "ok") })
            try await test.minutes(6, cameras.map { ($0, "lost") })
            // The platform says nothing more: the ten minutes do not begin anew.
            try await test.minutes(6, [])
            #expect(try await test.faults().map(\.kind) == [.massOutage])
        }
    }

    @Test func aRestartForgetsNothing() async throws {
        try await TelemetryTest.run { test in
            let cameras = try canteen(test, 0)
            let signals = cameras.enumerated().map { ($0.element, $0.offset == 0 ? "lost" : "ok") }
            try await test.minutes(1, cameras.map { ($0, "ok") })
            try await test.minutes(8, signals)
            try await test.monitor.load()
            try await test.minutes(4, signals)
            #expect(try await test.faults().map(\.kind) == [.signalLost])
            try await test.monitor.load()
            try await test.minutes(5, signals)
            #expect(try await test.faults().count == 1)
            #expect(try await rows("camera_signal_interval", test) == cameras.count + 1)
        }
    }

    @Test func aPendingCameraStaysPending() async throws {
        try await TelemetryTest.run { test in
            let cameras = try canteen(test, 0)
            try await test.client.pool.execute("UPDATE camera SET status = 'pending' WHERE id = \(cameras[0].id)")
            try await test.monitor.refresh()
            try await test.minutes(15, cameras.map { ($0, "ok") })
            #expect(try await test.status(cameras[0]) == .pending)
            try await test.minutes(15, [(cameras[0], "lost")])
            #expect(try await test.status(cameras[0]) == .pending)
            #expect(try await test.faults().allSatisfy { $0.cameraId != cameras[0].id })
        }
    }

    @Test func whatIsRefusedIsCountedAndStopsNothing() async throws {
        try await TelemetryTest.run { test in
            let cameras = try canteen(test, 0)
            let good = """
                {"version":1,"platform":"vms","samples":[{"gb_id":"\(cameras[0].gbId)","at":"\(test.now)","signal":"lost"},
                {"gb_id":"99999999999999999999","at":"\(test.now)","signal":"ok"}]}
                """
            let bad = [
                "not json", #"{"version":1,"platform":"somebody"}"#, #"{"version":1,"platform":"somebody-else"}"#,
                #"{"version":7,"platform":"vms"}"#, "", String(repeating: "x", count: 300_000),
            ]
            try await test.monitor.take((bad + [good] + bad).map { InboundRecord(key: nil, value: Array($0.utf8)) })
            try await test.monitor.flush()
            // This platform reports for another division.
            try await test.report([(cameras[1], "lost")], platform: "kaiping")
            #expect(await test.monitor.tracker(of: cameras[0].id)?.state == .lost)
            #expect(await test.monitor.tracker(of: cameras[1].id)?.state == .unknown)
            let refusals = try await RefusalStore.since(LocalDate(test.now), test.client.pool)
            let counts = Dictionary(refusals.map { ("\($0.platform) \($0.reason.rawValue)", $0.reports) }) { $0 + $1 }
            #expect(
                counts == [
                    "? undecodable": 4, "? unknown_platform": 4, "? version": 2, "? oversized": 2,
                    "vms unknown_camera": 1, "kaiping wrong_division": 1,
                ])
            #expect(refusals.allSatisfy { $0.example.count <= 120 })
        }
    }

    @Test func theDivisionsNumbersAreProjected() async throws {
        try await TelemetryTest.run { test in
            let cameras = try canteen(test, 0)
            let division = String(cameras[0].gbId.prefix(6))
            try await test.minutes(1, cameras.map { ($0, "ok") })
            try await test.minutes(3, cameras.enumerated().map { ($0.element, $0.offset == 0 ? "lost" : "ok") })
            let now = test.now
            try await test.client.pool.transaction { try await DivisionRates.refresh(now: now, $0) }
            let rates = try #require(
                try await DivisionRates.current(test.client.pool).first { $0.divisionCode == division })
            let all = test.cameras.filter { $0.gbId.hasPrefix(division) }.count
            #expect(rates.cameras == all && rates.inUse == all)
            #expect(rates.offline == 1)
            #expect(rates.unobserved == all - cameras.count)
            #expect(rates.onlineRate == Double(all - 1) / Double(all))
            #expect(rates.retentionRate == nil, "no day is complete yet")
        }
    }
}
