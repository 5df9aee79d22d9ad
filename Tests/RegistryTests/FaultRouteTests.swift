import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// What persons see and do about faults, outages and recordings.
struct FaultRouteTests {
    private struct Fault: Decodable {
        let faultId: String
        let state: String
        let version: Int
        let allowedSteps: [String]
        let responsible: String?
    }

    private struct List: Decodable {
        let items: [Fault]
        let total: Int
    }

    private struct Step: Encodable {
        var step: String
        var note: String?
        var responsible: String?
        var version: Int?
    }

    private struct Scene: Sendable {
        let test: TelemetryTest
        let camera: Camera
        let cameras: [Camera]
        let canteen: Canteen
        let county: Principal
        let principal: Principal
        let signals: @Sendable (String) -> [(Camera, String)]
    }

    /// One camera of a canteen in Heshan is lost.
    private func run(_ body: @Sendable @escaping (Scene) async throws -> Void) async throws {
        try await TelemetryTest.run { test in
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", test.client)
            let cameras = test.cameras.filter { $0.canteenId == camera.canteenId }
            let canteen = try #require(try await CanteenList(pool: test.client.pool).canteen(camera.canteenId))
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", test.client)
            let principal = Principal(personId: PersonID("principal-1"), role: .principal, schoolId: camera.schoolId)
            for person in [principal, county] {
                try await test.client.pool.execute(
                    """
                    INSERT INTO appointment (person_id, role, organ_id, school_id, valid_from)
                    VALUES (\(person.personId), \(person.role), \(person.organId), \(person.schoolId), '2026-01-01')
                    """)
            }
            try await body(
                Scene(
                    test: test, camera: camera, cameras: cameras, canteen: canteen, county: county,
                    principal: principal,
                    signals: { first in cameras.map { ($0, $0.id == camera.id ? first : "ok") } }))
        }
    }

    @Test func aFaultIsConfirmedAssignedRepairedRecoveredAndClosed() async throws {
        try await run { scene in
            let test = scene.test
            let client = test.client
            try await test.minutes(2, scene.signals("ok"))
            try await test.minutes(13, scene.signals("lost"))
            let list = try await client.get("/registry/v1/faults", as: scene.principal).json(List.self)
            #expect(list.total == 1)
            let fault = try #require(list.items.first)
            #expect(fault.allowedSteps == ["confirm", "assign"])
            let path = "/registry/v1/faults/\(fault.faultId)"
            func step(_ step: Step, key: String? = nil) async throws -> TestResponse {
                try await client.post(
                    path + "/steps", as: scene.principal, json: step,
                    headers: key.map { [.named("Idempotency-Key"): $0] } ?? [:])
            }
            #expect(try await step(Step(step: "close")).problemCode == "step_not_allowed")
            #expect(try await step(Step(step: "confirm", version: 7)).problemCode == "version_conflict")
            #expect(try await step(Step(step: "confirm", note: "电话13812345678")).problemCode == "personal_data")
            let first = try await step(Step(step: "confirm", note: "已到现场查看", version: 1), key: "k-1")
            #expect(try first.json(Fault.self).state == "confirmed")
            let again = try await step(Step(step: "confirm", note: "已到现场查看", version: 1), key: "k-1")
            #expect(again.status == .ok && again.text == first.text, "the same command twice is one step")
            #expect(try await step(Step(step: "assign")).problemCode == "missing")
            #expect(try await step(Step(step: "assign", responsible: "stranger")).problemCode == "not_appointed")
            #expect(
                try await step(Step(step: "assign", responsible: "principal-1")).json(Fault.self).responsible
                    == "principal-1")
            #expect(try await step(Step(step: "repair")).json(Fault.self).state == "repairing")
            #expect(try await step(Step(step: "recover")).problemCode == "still_there", "the platform says otherwise")
            try await test.minutes(1, scene.signals("ok"))
            let page = try await client.page("/registry/faults/\(fault.faultId)", as: scene.principal)
            #expect(page.text.contains("已恢复") && page.text.contains("已到现场查看"))
            let version = try await client.get(path, as: scene.principal).json(Fault.self).version
            let closed = try await client.submit(
                "/registry/faults/\(fault.faultId)/steps", as: scene.principal,
                [("step", "close"), ("version", String(version)), ("note", "更换网线")])
            #expect(closed.headers[.location] == "/registry/faults/\(fault.faultId)")
            #expect(try await test.events(FaultStateChanged.type) == 5)
            #expect(try await client.get("/registry/v1/faults", as: scene.principal).json(List.self).total == 0)
            #expect(
                try await client.get("/registry/v1/faults?standing=closed", as: scene.county).json(List.self).total == 1
            )
        }
    }

    @Test func othersSeeNothingAndAnEscalatedFaultIsClosedByARegulator() async throws {
        try await run { scene in
            let test = scene.test
            let client = test.client
            try await test.minutes(2, scene.signals("ok"))
            try await test.minutes(13, scene.signals("lost"))
            client.clock.advance(by: .seconds(86_400))
            try await test.minutes(1, scene.signals("lost"))
            let id = try #require(try await test.faults().first).id
            let other = try await RegistryTest.officer(.countyRegulator, "开平市市场监督管理局", client)
            let stranger = Principal(
                personId: PersonID("x"), role: .principal, schoolId: SchoolID("school-of-somebody-else"))
            for person in [other, stranger] {
                #expect(try await client.get("/registry/v1/faults/\(id)", as: person).status == .notFound)
                #expect(try await client.get("/registry/v1/faults", as: person).json(List.self).total == 0)
                let step = try await client.post(
                    "/registry/v1/faults/\(id)/steps", as: person, json: Step(step: "confirm"))
                #expect(step.status == .notFound)
                #expect(
                    try await client.get("/registry/v1/cameras/\(scene.camera.id)/history", as: person).status
                        == .notFound)
            }
            let parent = Principal(
                personId: PersonID("y"), role: .parentRepresentative, schoolId: scene.camera.schoolId)
            #expect(try await client.get("/registry/v1/faults", as: parent).status == .forbidden)
            let bureau = try await RegistryTest.officer(.educationOfficer, "鹤山市教育局", client)
            #expect(try await client.get("/registry/v1/faults/\(id)", as: bureau).status == .ok)
            let step = try await client.post(
                "/registry/v1/faults/\(id)/steps", as: bureau, json: Step(step: "confirm"))
            #expect(step.status == .forbidden)
            let board = try await client.page("/registry/faults", as: scene.county)
            #expect(board.text.contains("已上报") && board.text.contains(scene.camera.name))
            let english = try await client.page("/registry/faults", as: scene.county, language: "en")
            #expect(english.text.contains("Signal lost"))
            func act(_ step: String, _ person: Principal) async throws -> TestResponse {
                try await client.post("/registry/v1/faults/\(id)/steps", as: person, json: Step(step: step))
            }
            #expect(try await act("confirm", scene.principal).status == .ok)
            try await test.minutes(1, scene.signals("ok"))
            #expect(try await act("close", scene.principal).problemCode == "regulator_closes")
            #expect(try await act("close", scene.county).status == .ok)
        }
    }

    private struct Outage: Decodable {
        let outageId: String
        let state: String
    }

    @Test func aSchoolPlansAndARegulatorApproves() async throws {
        try await run { scene in
            let client = scene.test.client
            struct Plan: Encodable {
                let canteenId: String
                let fromAt: Instant
                let toAt: Instant
                let reason: String
            }
            let now = client.clock.now()
            func plan(_ from: Int, _ to: Int, _ person: Principal, reason: String = "线路检修") async throws -> TestResponse
            {
                try await client.post(
                    "/registry/v1/outages", as: person,
                    json: Plan(
                        canteenId: scene.canteen.id.rawValue, fromAt: now + .seconds(from), toAt: now + .seconds(to),
                        reason: reason))
            }
            #expect(try await plan(-3_600, 3_600, scene.principal).problemCode == "in_the_past")
            #expect(try await plan(3_600, 3_600, scene.principal).problemCode == "not_in_range")
            #expect(try await plan(0, 31 * 86_400, scene.principal).problemCode == "not_in_range")
            #expect(try await plan(0, 60, scene.principal, reason: "").problemCode == "missing")
            let outage = try await plan(0, 7_200, scene.principal).json(Outage.self)
            #expect(outage.state == "requested")
            let path = "/registry/v1/outages/\(outage.outageId)/decision"
            let own = try await client.post(path, as: scene.principal, json: ["decision": "approved"])
            #expect(own.status == .forbidden, "who asks does not approve")
            let page = try await client.page("/registry/outages", as: scene.county)
            #expect(page.text.contains("线路检修") && page.text.contains("批准"))
            let approved = try await client.post(path, as: scene.county, json: ["decision": "approved"])
            #expect(try approved.json(Outage.self).state == "approved")
            let twice = try await client.post(path, as: scene.county, json: ["decision": "refused"])
            #expect(twice.problemCode == "already_decided")
            try await scene.test.monitor.refresh()
            try await scene.test.minutes(2, scene.signals("ok"))
            try await scene.test.minutes(13, scene.signals("lost"))
            #expect(try await scene.test.faults().isEmpty)
            let form = try await client.submit(
                "/registry/outages", as: scene.county,
                [
                    ("canteen_id", scene.canteen.id.rawValue), ("from_at", "2026-11-24T08:00"),
                    ("to_at", "2026-11-24T09:30"), ("reason", "更换录像机"),
                ])
            #expect(form.headers[.location] == "/registry/outages")
            let empty = try await client.submit("/registry/outages", as: scene.county, [("reason", "")])
            #expect(empty.status == .unprocessableContent && empty.text.contains("请填写日期和时间"))
        }
    }

    @Test func theCamerasPageShowsWhatWasRecordedAndTheRuleCannotBeBelowFifteenDays() async throws {
        try await run { scene in
            let client = scene.test.client
            let today = LocalDate(client.clock.now())
            try await client.pool.execute(
                "UPDATE camera_watch SET since = \(today.adding(days: -10).start) WHERE camera_id = \(scene.camera.id)")
            for day in 1...3 {
                let start = today.adding(days: -day).start
                try await scene.test.recorded([
                    (scene.camera, start, start + .seconds(day == 2 ? 64_800 : 86_400))
                ])
            }
            try await client.pool.execute(
                "INSERT INTO coverage_run (day, started_at, finished_at) VALUES (\(today.adding(days: -4)), now(), now())"
            )
            try await scene.test.job().look()
            try await scene.test.minutes(3, scene.signals("ok"))
            struct History: Decodable {
                struct Day: Decodable {
                    struct Gap: Decodable { let from: Instant }
                    let recordedMs: Int
                    let state: String
                    let gaps: [Gap]
                }
                let days: [Day]
                let signalShare: Double?
            }
            let history = try await client.get(
                "/registry/v1/cameras/\(scene.camera.id)/history", as: scene.principal
            ).json(History.self)
            #expect(history.days.map(\.recordedMs) == [86_400_000, 64_800_000, 86_400_000])
            #expect(history.days.map(\.state) == ["met", "short", "met"])
            #expect(history.days[1].gaps.map(\.from) == [today.adding(days: -2).start + .seconds(64_800)])
            #expect(history.signalShare == nil)
            let page = try await client.page("/registry/cameras/\(scene.camera.id)/history", as: scene.principal)
            #expect(page.text.contains("plot__short") && page.text.contains("6:00:00"))
            struct Cameras: Decodable {
                struct Item: Decodable { let cameraId: String }
                let items: [Item]
                let total: Int
            }
            func list(_ query: String) async throws -> Cameras {
                try await client.get("/registry/v1/recordings" + query, as: scene.principal).json(Cameras.self)
            }
            #expect(try await list("").total == scene.cameras.count, "the school's own")
            #expect(try await list("?standing=met").total == 0)
            #expect(try await list("?standing=short").items.map(\.cameraId) == [scene.camera.id.rawValue])
            #expect(try await list("?signal=ok").total == scene.cameras.count)
            let cameras = try await client.page(
                "/registry/recordings?q=\(PercentEncoding.queryValue("食品仓库"))", as: scene.principal)
            #expect(cameras.text.contains(scene.camera.name) && cameras.text.contains("不足"))
            struct Rule: Encodable {
                let regime: String
                let promisedDays: Int?
            }
            func put(_ rule: Rule) async throws -> TestResponse {
                try await client.send(
                    .put, "/registry/v1/cameras/\(scene.camera.id)/retention", as: scene.principal,
                    headers: [.contentType: "application/json"], body: try BrightJSON.encode(rule))
            }
            #expect(try await put(Rule(regime: "internal", promisedDays: 14)).problemCode == "not_in_range")
            #expect(try await put(Rule(regime: "public_safety", promisedDays: nil)).status == .noContent)
            try await scene.test.job().look()
            #expect(
                try await CoverageStore.standing(of: scene.camera.id, client.pool)?.minimumDays == 30)
            let low = try await client.submit(
                "/registry/cameras/\(scene.camera.id)/retention", as: scene.principal,
                [("regime", "internal"), ("promised_days", "7")])
            #expect(low.status == .unprocessableContent)
            let much = try await client.get(
                "/registry/v1/cameras/\(scene.camera.id)/history?from=2020-01-01", as: scene.principal)
            #expect(much.problemCode == "not_in_range")
        }
    }
}
