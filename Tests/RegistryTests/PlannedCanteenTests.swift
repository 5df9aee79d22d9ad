import Access
import Calendar
import Contracts
import Foundation
import TestSupport
import Testing

@testable import RegistryService

/// Art 5 wants kitchens connected before their licence: a canteen without one, from the roster to the day it has one.
struct PlannedCanteenTests {
    private struct Answer: Decodable {
        struct Part: Decodable {
            let code: String
        }

        let state: AccessState
        let clock: String
        let timeliness: AccessTimeliness?
        let days: Int?
        let deadline: LocalDate?
        let unmet: [Part]
    }

    private static let withoutLicence = ["食品经营许可证编号": "", "发证日期": "", "有效期至": ""]

    private func roster(_ changes: [String: String], _ city: AccessCity) async throws {
        let path = try RegistryTest.file([ImportRuleTests.header, ImportRuleTests.line(changes)])
        let report = try await RegistryTest.importFiles(ImportFiles(roster: path), city.client)
        #expect(report.files.flatMap(\.faults).map(\.chinese) == [])
        try await city.timer.settle()
    }

    private func planned(_ city: AccessCity) async throws -> Canteen {
        try await roster(Self.withoutLicence.merging(["操作区域": "烹饪区"]) { $1 }, city)
        let event = try #require(try await city.events(CanteenPlanned.self).last)
        let canteen = try await city.client.pool.transaction { try await CanteenStore.lock(event.canteenId, $0) }
        return try #require(canteen)
    }

    @Test func itIsConnectedBeforeTheLicenceAndEarlyWhenThatComes() async throws {
        try await AccessCity.run(at: "2026-09-01T10:00:00+08:00") { city in
            let canteen = try await planned(city)
            #expect(
                canteen.licence == nil && !canteen.operating
                    && canteen.stage(on: LocalDate(city.client.clock.now())) == .registered)
            let cameras = try RegistryTest.file([
                MasterFiles.cameras[0],
                ",雅瑶初中-烹饪区-01,烹饪区,44078400111327000001,2026-09-01,第一食堂,\(canteen.institution.creditCode)",
                ",雅瑶初中-烹饪区-02,烹饪区,44078400111327000002,2026-09-01,别的食堂,\(canteen.institution.creditCode)",
            ])
            let report = try await RegistryTest.importFiles(ImportFiles(cameras: cameras), city.client)
            #expect(report.files[0].added == 1)
            #expect(report.files[0].faults.map { "\($0.line ?? 0) \($0.code.rawValue)" } == ["3 canteen_unknown"])
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", city.client)
            try await check(camera.id, city)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", city.client)
            let school = Principal(personId: .new(), role: .safetyLead, schoolId: canteen.institution.id)
            let path = "/registry/v1/canteens/\(canteen.id)/access"
            #expect(
                try await city.client.post(path + "/application", as: school, json: ["step": "apply"]).status == .ok)
            try await city.report(camera.id, share: 1)
            // The licence itself (D1) cannot be shown yet; the other eight are asked for.
            try await disclose([.d2, .d3, .d4, .d5, .d6, .d7, .d8], canteen, city)
            var answer = try await city.client.get(path, as: county).json(Answer.self)
            #expect(answer.unmet.map(\.code) == ["disclosure:D9", "confirmation"] && answer.deadline == nil)
            try await disclose([.d2, .d3, .d4, .d5, .d6, .d7, .d8, .d9], canteen, city)
            // No clock: months pass without a reminder.
            try await city.move(to: "2026-11-20T10:00:00+08:00")
            #expect(try await city.events(AccessReminded.self).isEmpty)
            try await city.report(camera.id, share: 1)
            let done = try await city.client.post(path + "/decision", as: county, json: ["step": "confirm"])
            #expect(done.status == .ok, "\(done.text)")
            answer = try await city.client.get(path, as: county).json(Answer.self)
            #expect(answer.state == .connected && answer.timeliness == .early && answer.clock == "none")

            city.client.clock.advance(by: .seconds(8 * 86_400))
            try await roster(
                ["操作区域": "烹饪区", "发证日期": "2026-11-25", "有效期至": "2031-11-24"], city)
            answer = try await city.client.get(path, as: county).json(Answer.self)
            #expect(answer.clock == "met" && answer.timeliness == .early && answer.days == 5)
            #expect(try await city.events(AccessDue.self).isEmpty)
            let issued = try #require(try await city.events(LicenceIssued.self).last)
            #expect(issued.isFirst && issued.previousNumber == nil && issued.canteenId == canteen.id)
            let registered = try await city.events(CanteenRegistered.self)
            #expect(registered.map(\.canteenId) == [canteen.id] && registered.first?.operating == true)
        }
    }

    @Test func notConnectedWhenTheLicenceComesTheTenDaysBegin() async throws {
        try await AccessCity.run(at: "2026-09-28T10:00:00+08:00") { city in
            let canteen = try await planned(city)
            #expect(try await city.record(canteen.id).clock == .none)
            let file = try RegistryTest.file([
                MasterFiles.licences[0],
                "JY34407840001018,\(canteen.institution.creditCode),第一食堂,2026-09-28,2031-09-27,有效,,,",
            ])
            let report = try await RegistryTest.importFiles(ImportFiles(licences: file), city.client)
            #expect(report.files.flatMap(\.faults).isEmpty)
            try await city.timer.settle()
            #expect(try await city.events(AccessDue.self).map(\.deadline.iso) == ["2026-10-16"])
            #expect(try await city.events(CanteenRegistered.self).map(\.licenceNumber) == ["JY34407840001018"])
            #expect(try await city.record(canteen.id).clock == .running)
        }
    }

    @Test func pagesAndInterfaceSayThatThereIsNone() async throws {
        try await AccessCity.run(at: "2026-09-28T10:00:00+08:00") { city in
            let canteen = try await planned(city)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", city.client)
            for path in ["/registry/canteens", "/registry/canteens/\(canteen.id)"] {
                let page = try await city.client.page(path, as: county)
                #expect(page.status == .ok && page.text.contains("尚未取得许可证"), "\(path)")
            }
            for path in [
                "/registry/canteens/\(canteen.id)/access", "/registry/dashboard", "/registry/tasks",
                "/registry/register/roster", "/registry/v1/canteens/export.csv", "/registry/v1/canteens?q=雅瑶",
                "/registry/v1/canteens/\(canteen.id)/history",
            ] {
                let encoded = path.replacingOccurrences(of: "雅瑶", with: "%E9%9B%85%E7%91%B6")
                #expect(try await city.client.page(encoded, as: county).status == .ok, "\(path)")
            }
            let document = try await city.client.get("/registry/v1/canteens/\(canteen.id)", as: county)
            #expect(document.status == .ok && !document.text.contains("\"licence\""))
            let end = try await city.client.post(
                "/registry/v1/canteens/\(canteen.id)/licence/revoke", as: county,
                json: ["state": "revoked", "decided_on": "2026-09-28"])
            #expect(end.problemCode == "no_licence")
        }
    }

    private func check(_ camera: CameraID, _ city: AccessCity) async throws {
        try await city.client.pool.execute("UPDATE camera SET status = 'active' WHERE id = \(camera)")
        try await city.client.pool.execute(
            """
            INSERT INTO first_frame (id, camera_id, captured_at, sha256, jpeg, decision, decided_at)
            VALUES ('frame', \(camera), now(), \([UInt8](repeating: 1, count: 32)), \([UInt8](repeating: 2, count: 4)),
                    'confirm', now())
            """)
        try await city.timer.settle()
    }

    private func disclose(_ present: [DisclosureCategory], _ canteen: Canteen, _ city: AccessCity) async throws {
        try await city.client.pool.transaction { transaction in
            try await transaction.execute(
                """
                INSERT INTO canteen_disclosure (canteen_id, present) VALUES (\(canteen.id), \(present))
                ON CONFLICT (canteen_id) DO UPDATE SET present = excluded.present
                """)
            try await AccessStore.mark([canteen.id], transaction)
        }
        try await city.timer.settle()
    }
}
