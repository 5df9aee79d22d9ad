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

/// Hardware behind an id, privacy statement and police filing; the wall of first pictures.
struct CameraPapersTests {
    private struct Answer: Decodable {
        let status: CameraStatus
        let hardware: String?
        let filingDueOn: LocalDate?
    }

    @Test func anotherDeviceBehindTheIdHasToBeCheckedAnew() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            try await client.pool.execute("UPDATE camera SET status = 'active'")
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", client)
            let school = Principal(personId: .new(), role: .safetyLead, schoolId: camera.schoolId)
            let path = "/registry/cameras/\(camera.id)/papers"
            let first = try await client.submit(path, as: school, [("hardware", "SN-0001")])
            #expect(first.status == .seeOther)
            #expect(try await RegistryTest.camera(gbId: camera.gbId, client).status == .active)
            _ = try await client.submit(path, as: school, [("hardware", "SN-0001")])
            #expect(try await RegistryTest.eventCounts(client)[CameraStatusChanged.type] == nil)
            _ = try await client.submit(path, as: school, [("hardware", "SN-0002")])
            #expect(try await RegistryTest.camera(gbId: camera.gbId, client).status == .pending)
            #expect(try await RegistryTest.eventCounts(client)[CameraStatusChanged.type] == 1)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let answer = try await client.get("/registry/v1/cameras/\(camera.id)/papers", as: county).json(Answer.self)
            #expect(answer.hardware == "SN-0002" && answer.status == .pending)
            #expect(answer.filingDueOn == camera.enabledOn.adding(days: 30))
            let other = Principal(personId: .new(), role: .safetyLead, schoolId: .new())
            #expect(try await client.submit(path, as: other, [("hardware", "SN-0003")]).status == .notFound)
            #expect(try await client.page(path, as: other).status == .notFound)
        }
    }

    @Test func aFilingNeedsNumberAndDayAndIsRemindedOfAfterThirtyDays() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", client)
            let school = Principal(personId: .new(), role: .platformOperator, schoolId: camera.schoolId)
            let path = "/registry/cameras/\(camera.id)/papers"
            let undecided = try await client.page(path, as: school)
            #expect(undecided.text.contains("尚未确定是否属于公共安全系统"))
            try await client.pool.execute(
                """
                INSERT INTO camera_retention_policy (camera_id, regime, changed_at)
                VALUES (\(camera.id), 'public_safety', now())
                """)
            #expect(try await client.page(path, as: school).text.contains("已超期"))
            let half = try await client.submit(path, as: school, [("filing_number", "粤公备0001")])
            #expect(half.status == .unprocessableContent && half.text.contains("须同时填写"))
            let future = try await client.submit(
                path, as: school, [("filing_number", "粤公备0001"), ("filed_on", "2026-11-24")])
            #expect(future.status == .unprocessableContent)
            let done = try await client.submit(
                path, as: school, [("filing_number", "粤公备0001"), ("filed_on", "2026-11-20")])
            #expect(done.status == .seeOther)
            #expect(try await client.page(path, as: school).text.contains("已备案（2026-11-20）"))
        }
    }

    @Test func theWallShowsTheAreaAndWhySomethingWasSentBack() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", client)
            try await client.pool.execute(
                """
                INSERT INTO first_frame (id, camera_id, captured_at, sha256, jpeg, decision, reason, decided_at)
                VALUES ('f1', \(camera.id), now(), \([UInt8](repeating: 1, count: 32)), \([UInt8](repeating: 2, count: 4)),
                        'reject', '镜头朝向走廊', now())
                """)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let wall = try await client.page("/registry/cameras/wall?status=pending", as: county)
            #expect(wall.text.contains("镜头朝向走廊") && wall.text.contains("first-frame.jpg?v=f1"))
            #expect(
                try await client.page("/registry/cameras/wall?status=broken", as: county).status
                    == .unprocessableContent)
            let stranger = try await RegistryTest.officer(.countyRegulator, "开平市市场监督管理局", client)
            #expect(!(try await client.page("/registry/cameras/wall", as: stranger)).text.contains("镜头朝向走廊"))
            let school = Principal(personId: .new(), role: .principal, schoolId: camera.schoolId)
            let page = try await client.page("/registry/canteens/\(camera.canteenId)/access", as: school)
            #expect(page.text.contains("镜头朝向走廊"))
        }
    }
}
