import Access
import Calendar
import Contracts
import Foundation
import HummingbirdTesting
import Journal
import TestSupport
import Testing

@testable import PatrolLedgerService

/// What machines report is kept, joined and looked at by a person before it is held against anybody (art 15).
struct AlertTests {
    private static let vendors = ["ALERT_VENDORS": "simulator=440703,elsewhere=4407"]
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private struct List: Decodable {
        let items: [AlertView]
        let total: Int
    }
    private struct Answer: Decodable { let problemId: ProblemID? }

    private func report(
        _ alerts: [(id: String, camera: Int, code: String, at: Instant)], vendor: String = "simulator",
        version: String = "1.0"
    ) -> InboundRecord {
        let members = alerts.map {
            #"{"id":"\#($0.id)","gb_id":"\#(PatrolWorld.gbId($0.camera))","at":"\#($0.at.rfc3339)","code":"\#($0.code)"}"#
        }
        return record(
            #"{"version":1,"vendor":"\#(vendor)","product_version":"\#(version)","alerts":[\#(members.joined(separator: ","))]}"#
        )
    }

    private func record(_ text: String) -> InboundRecord { InboundRecord(key: nil, value: Array(text.utf8)) }

    private func alerts(_ world: PatrolWorld, _ show: String = "all", as person: Principal) async throws -> [AlertView]
    {
        let list = try await world.client.get("/patrol/api/v1/alerts?show=\(show)", as: person).json(List.self)
        #expect(list.total == list.items.count)
        return list.items
    }

    private func decide(
        _ world: PatrolWorld, _ id: AlertID, _ decision: AlertDecision, as person: Principal = TestPersons.station
    ) async throws -> TestResponse {
        try await world.client.post("/patrol/api/v1/alerts/\(id)/decision", as: person, json: decision)
    }

    /// Scenario 9 of the domain card.
    @Test func aRatIsToldAtOnceAndMayTurnOutToBeACat() async throws {
        try await PatrolWorld.run(environment: Self.vendors) { world in
            let now = world.client.clock.now()
            let rat = report([("r-1", 1, "RAT", now)])
            for _ in 0..<2 { try await world.service.alerts.take([rat]) }
            let raised = try await world.events(AlertRaised.self)
            let told = try #require(raised.first)
            #expect(raised.count == 1, "the same report twice is told once")
            #expect(told.status == "unconfirmed" && told.severity == 1 && told.code == "rodent")
            #expect(told.schoolId == TestPersons.school && told.enforcementOrganId == TestPersons.stationOrgan)
            #expect(try await world.events(ProblemFound.self).isEmpty, "a machine finds no problems")

            let page = try await world.client.page("/patrol/alerts/\(told.alertId)", as: TestPersons.principal)
            #expect(page.status == .ok && page.text.contains("未经人工核实"))
            #expect(!page.text.contains("name=\"outcome\""), "the school does not decide")
            #expect(
                try await decide(world, told.alertId, .init(outcome: .confirmed), as: TestPersons.principal).status
                    == .forbidden)
            #expect(
                try await decide(world, told.alertId, .init(outcome: .confirmed), as: TestPersons.otherStation).status
                    == .notFound)
            let bare = try await decide(world, told.alertId, .init(outcome: .falsePositive))
            #expect(bare.status == .unprocessableContent && bare.problemCode == "reason_required")

            let cat = AlertDecision(
                outcome: .falsePositive, reason: "画面中是猫", itemCode: "Z1-02", description: "原料直接堆放在地上")
            let answer = try await decide(world, told.alertId, cat)
            let problem = try #require(try answer.json(Answer.self).problemId)
            #expect(try await decide(world, told.alertId, cat).problemCode == "already_decided", "once")
            let found = try #require(try await world.events(ProblemFound.self).first)
            #expect(found.problemId == problem && found.itemCode == "Z1-02" && found.origin == .aiAlert)
            let decided = try #require(try await world.events(AlertDecided.self).first)
            #expect(decided.outcome == .falsePositive && decided.problemId == problem && decided.reason == "画面中是猫")
            let kept = try #require(try await alerts(world, as: TestPersons.station).first)
            #expect(kept.state == .falsePositive && kept.problemId == problem)
        }
    }

    @Test func lesserAlertsAreJoinedAndWaitForAPersonBeforeTheSchoolHears() async throws {
        try await PatrolWorld.run(environment: Self.vendors) { world in
            let now = world.client.clock.now()
            func at(_ minutes: Int) -> Instant { now - .seconds(7200) + .seconds(minutes * 60) }
            // No mask: 30 min of cool-down. Minute 80 is a new alert; another camera one of its own.
            try await world.service.alerts.take([
                report([
                    ("m-1", 1, "NO_MASK", at(0)), ("m-3", 1, "NO_MASK", at(45)), ("m-2", 1, "NO_MASK", at(20)),
                    ("m-4", 1, "NO_MASK", at(80)), ("m-5", 2, "NO_MASK", at(0)),
                ])
            ])
            // 2001 means no_mask in version 2.0 of this vendor only.
            try await world.service.alerts.take([
                report([("v-1", 3, "2001", at(0))], version: "2.0"),
                report([("v-2", 3, "2001", at(0))], version: "1.0"),
            ])
            let all = try await alerts(world, as: TestPersons.station)
            #expect(all.count == 5)
            let joined = try #require(all.first { $0.occurrences == 3 })
            #expect(joined.firstAt == at(0) && joined.lastAt == at(45) && joined.code == "no_mask")
            let unknown = try #require(all.first { $0.code == nil })
            #expect(unknown.vendorCode == "2001" && unknown.productVersion == "1.0" && unknown.severity == nil)
            #expect(try await alerts(world, "unmapped", as: TestPersons.station).map(\.alertId) == [unknown.alertId])
            #expect(try await world.events(AlertRaised.self).isEmpty)
            #expect(try await alerts(world, as: TestPersons.principal).isEmpty, "no school hears of it yet")
            #expect(
                try await world.client.get("/patrol/api/v1/alerts/\(joined.alertId)", as: TestPersons.principal).status
                    == .notFound)

            let open = try await decide(world, unknown.alertId, .init(outcome: .confirmed))
            #expect(open.status == .unprocessableContent && open.problemCode == "item_required")
            let lowered = try await decide(world, joined.alertId, .init(outcome: .confirmed, severity: 3))
            #expect(lowered.problemCode == "severity_lowered")
            let id = try await decide(world, joined.alertId, .init(outcome: .confirmed)).json(Answer.self).problemId
            let found = try #require(try await world.events(ProblemFound.self).first)
            #expect(
                found.problemId == id && found.itemCode == "Z4-05" && found.severity == 2 && found.origin == .aiAlert)
            #expect(found.description.contains("未佩戴口罩"))
            #expect(try await alerts(world, as: TestPersons.principal).map(\.alertId) == [joined.alertId])
            #expect(try await world.events(AlertDecided.self).isEmpty, "nobody had been told of the alert")
            let queue = try await world.client.page("/patrol/alerts", as: TestPersons.station)
            #expect(queue.text.contains("未知告警代码 2001") && queue.text.contains("待核实"))
        }
    }

    @Test func whatIsNotTheContractIsCountedAndStopsNothingElse() async throws {
        try await PatrolWorld.run(environment: Self.vendors) { world in
            let now = world.client.clock.now()
            try await world.service.alerts.take([
                record("rubbish"), record(#"{"version":2,"vendor":"simulator","product_version":"1"}"#),
                record(String(repeating: "[", count: 100_000)),
                record(
                    #"{"version":1,"vendor":"simulator","product_version":"1","x":""#
                        + String(repeating: "y", count: AlertReport.maximumBytes)),
                report([("1", 1, "RAT", now)], vendor: "nobody"),
                record(
                    #"{"version":1,"vendor":"simulator","product_version":"1.0","alerts":[1,{"id":"a b"},{"id":"x","gb_id":"44070399999999999999","at":"\#(now.rfc3339)","code":"RAT"},{"id":"y","gb_id":"\#(PatrolWorld.gbId(1))","at":"2026-11-23T09:00:00","code":"RAT"}],"readings":[{"sensor":"s","licence":"JY34407030000010","kind":"oven","at":"\#(now.rfc3339)","celsius":5}]}"#
                ),
                report([("ok", 1, "SMOKING", now), ("far", 101, "SMOKING", now)]),
            ])
            #expect(try await alerts(world, as: TestPersons.city).map(\.code) == ["smoking"])
            let found = try await world.client.get("/patrol/api/v1/alerts/statistics", as: TestPersons.city).json(
                AlertStatistics.self)
            let counts = Dictionary(
                uniqueKeysWithValues: found.refused.map { ("\($0.vendor) \($0.reason.rawValue)", $0.refused) })
            #expect(
                counts == [
                    "? undecodable": 2, "? version": 1, "? oversized": 1, "? unknown_vendor": 1,
                    "simulator undecodable": 2,
                    "simulator unknown_source": 1, "simulator time": 1, "simulator reading": 1,
                    "simulator wrong_division": 1,
                ])
        }
    }

    @Test func aFridgeMayBeOpenedButNotStayWarm() async throws {
        try await PatrolWorld.run(environment: Self.vendors) { world in
            let now = world.client.clock.now()
            func read(_ minutes: Int, _ celsius: Double) async throws {
                let at = now - .seconds(36_000) + .seconds(minutes * 60)
                try await world.service.alerts.take([
                    record(
                        #"{"version":1,"vendor":"elsewhere","product_version":"9","readings":[{"sensor":"fridge-1","licence":"JY34407030000010","kind":"refrigerated","at":"\#(at.rfc3339)","celsius":\#(celsius)}]}"#
                    )
                ])
            }
            for (minute, celsius) in [(0, 8.0), (10, 9.5), (30, 10), (39, 10), (40, 8), (50, 9), (79, 9)] {
                try await read(minute, celsius)
            }
            #expect(try await alerts(world, as: TestPersons.city).isEmpty, "29 minutes are allowed, twice")
            try await read(80, 9.1)
            try await read(75, 3)
            try await read(85, 9.2)
            let warm = try await alerts(world, as: TestPersons.city)
            #expect(warm.map(\.code) == ["cold_storage_warm"] && warm.first?.sensor == "fridge-1")
            #expect(warm.first?.occurrences == 1 && warm.first?.celsius == 9.1, "one alert for one spell")
            // Five hours of silence: nobody knows what was in between.
            try await read(400, 12)
            try await read(420, 12)
            #expect(try await alerts(world, as: TestPersons.city).count == 1)
            try await read(431, 12)
            #expect(try await alerts(world, as: TestPersons.city).count == 2)
        }
    }

    @Test func falsePositivesAreCountedByVendorVersionAndCode() async throws {
        try await PatrolWorld.run(canteens: 6, environment: Self.vendors) { world in
            let now = world.client.clock.now()
            try await world.service.alerts.take([report((1...6).map { ("s-\($0)", $0, "SMOKING", now) })])
            let path = "/patrol/api/v1/alerts/statistics"
            for (index, alert) in try await alerts(world, as: TestPersons.station).enumerated() where index < 5 {
                let isFalse = index < 2
                if index == 4 {
                    let few = try await world.client.get(path, as: TestPersons.station).json(AlertStatistics.self)
                    #expect(few.lines.first?.falsePermille == nil, "four are too few for a share")
                }
                _ = try await decide(
                    world, alert.alertId,
                    .init(outcome: isFalse ? .falsePositive : .confirmed, reason: isFalse ? "蒸汽" : nil))
            }
            let found = try await world.client.get(path, as: TestPersons.station).json(AlertStatistics.self)
            let line = try #require(found.lines.first)
            #expect(line.vendor == "simulator" && line.productVersion == "1.0" && line.code == "smoking")
            #expect(line.alerts == 6 && line.waiting == 1 && line.confirmed == 3 && line.falsePositives == 2)
            #expect(line.falsePermille == 400)
            let page = try await world.client.page("/patrol/alerts/statistics", as: TestPersons.station)
            #expect(page.status == .ok && page.text.contains("40.0 %"))
            #expect(try await world.client.get(path, as: TestPersons.principal).status == .forbidden)
        }
    }

    /// The sample that vendors build against.
    @Test func theDocumentedSampleIsTakenWhole() throws {
        let bytes = [UInt8](try Data(contentsOf: Self.root.appending(path: "docs/events/inbound/alerts.v1.json")))
        let report = try AlertReport(bytes, now: try #require(Instant(rfc3339: "2026-11-23T09:00:00+08:00")))
        #expect(report.refused.isEmpty && report.alerts.count == 1 && report.readings.count == 1)
        let codes = try AlertCodes.builtIn()
        let alert = try #require(report.alerts.first)
        #expect(
            codes.code(vendor: report.vendor, version: report.productVersion, vendorCode: alert.code)?.code == "rodent")
        #expect(codes.fault(try .builtIn()) == nil)
    }

    private static let jpeg = Data([0xff, 0xd8, 0xff, 0xe0] + Array("a picture of a rat".utf8))

    private func pictured(
        _ id: String, code: String = "614", picture: String, at: Instant, clip: String = "",
        vendor: String = "gat1400-kitchen"
    ) -> InboundRecord {
        record(
            #"{"version":1,"vendor":"\#(vendor)","product_version":"3.1","alerts":[{"id":"\#(id)","gb_id":"\#(PatrolWorld.gbId(1))","#
                + #""at":"\#(at.rfc3339)","code":"\#(code)","picture":"\#(picture)"\#(clip)}]}"#)
    }

    /// The vendor's picture is evidence from the moment it comes; the school hears of it when a person has confirmed.
    @Test func thePictureOfAnAlertIsEvidence() async throws {
        try await PatrolWorld.run(environment: ["ALERT_VENDORS": "gat1400-kitchen=440703"]) { world in
            let now = world.client.clock.now()
            let clip =
                #","clip":{"from":"\#((now - .seconds(20)).rfc3339)","to":"\#((now + .seconds(10)).rfc3339)"}"#
            let report = pictured("p-1", picture: Self.jpeg.base64EncodedString(), at: now, clip: clip)
            for _ in 0..<2 { try await world.service.alerts.take([report]) }
            let alert = try #require(try await alerts(world, as: TestPersons.station).first)
            #expect(alert.code == "rodent" && alert.picture == "kept" && alert.clipTo == now + .seconds(10))
            let path = "/patrol/api/v1/alerts/\(alert.alertId)"
            let one = try await world.client.get(path, as: TestPersons.station).json(AlertView.self)
            let piece = try #require(one.evidence?.first)
            #expect(one.evidence?.count == 1 && piece.hash == EvidenceVault.hexDigest(Self.jpeg))
            let file = try await world.client.get(PatrolPaths.evidence(piece.evidenceId), as: TestPersons.station)
            #expect(file.status == .ok && Data(file.body.readableBytesView) == Self.jpeg)
            let hidden = try await world.client.get(PatrolPaths.evidence(piece.evidenceId), as: TestPersons.principal)
            #expect(hidden.status == .notFound, "not before a person has looked")
            #expect(try await world.events(EvidenceSealed.self).isEmpty)
            let page = try await world.client.page("/patrol/alerts/\(alert.alertId)", as: TestPersons.station)
            #expect(page.text.contains("厂商图片") && page.text.contains("不等于违规"))
            #expect(page.text.contains("&amp;from=08:59&amp;to=09:00") || page.text.contains("&from=08:59&to=09:00"))

            let answer = try await decide(world, alert.alertId, AlertDecision(outcome: .confirmed))
            let problem = try #require(try answer.json(Answer.self).problemId)
            #expect(try await world.events(EvidenceSealed.self).map(\.evidenceId) == [piece.evidenceId])
            let found = try #require(try await world.events(ProblemFound.self).first)
            #expect(found.problemId == problem && found.evidence.map(\.hash) == [piece.hash])
            let shown = try await world.client.get(PatrolPaths.evidence(piece.evidenceId), as: TestPersons.principal)
            #expect(shown.status == .ok, "the school may see what is held against it")
            let night = try await EvidenceNight(desk: world.service.desk, logger: .quiet("night")).work()
            #expect(night.failures.isEmpty && night.files == 1)
        }
    }

    @Test func aPictureThatIsNoneIsCountedAndTheAlertIsTaken() async throws {
        try await PatrolWorld.run(environment: ["ALERT_VENDORS": "gat1400-kitchen=440703,aliyun-vision=440703"]) {
            world in
            let now = world.client.clock.now()
            let script = Data("<script>".utf8).base64EncodedString()
            try await world.service.alerts.take([
                pictured("p-1", picture: script, at: now),
                pictured("p-2", code: "604", picture: "%%%", at: now),
                pictured(
                    "p-3", code: "head", picture: Self.jpeg.base64EncodedString(), at: now, vendor: "aliyun-vision"),
                pictured("p-4", code: "chefcap", picture: script, at: now, vendor: "aliyun-vision"),
                pictured("p-5", code: "new-class", picture: script, at: now, vendor: "aliyun-vision"),
            ])
            let all = try await alerts(world, as: TestPersons.station)
            #expect(
                Set(all.map { "\($0.code ?? "?") \($0.picture ?? "-")" }) == [
                    "rodent refused", "phone refused", "no_cap kept", "? refused",
                ])
            let answer = try await world.client.get("/patrol/api/v1/alerts/statistics", as: TestPersons.station)
            let statistics = try answer.json(AlertStatistics.self)
            func count(_ vendor: String, _ reason: AlertRefusal) -> Int {
                statistics.refused.first { $0.vendor == vendor && $0.reason == reason }?.refused ?? 0
            }
            #expect(count("gat1400-kitchen", .picture) == 2 && count("aliyun-vision", .notAnAlert) == 1)
        }
    }

    /// The limits are those of GB 31654-2021: 0…8 °C, −12 °C and colder, above 60 °C.
    @Test func temperatureRulesAreThoseOfTheStandard() throws {
        let codes = try AlertCodes.builtIn()
        let expected: [(String, [Double], [Double])] = [
            ("refrigerated", [0, 8], [-0.1, 8.1]), ("sample_fridge", [0, 8], [-0.1, 8.1]),
            ("frozen", [-12, -30], [-11.9]), ("hot_holding", [60.1, 95], [60, 8]),
        ]
        for (kind, good, bad) in expected {
            let rule = try #require(codes.temperature(kind))
            #expect(good.allSatisfy(rule.allows) && !bad.contains(where: rule.allows), "\(kind)")
        }
        #expect(codes.fault(try .builtIn()) == nil)
    }
}
