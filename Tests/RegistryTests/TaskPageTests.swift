import Access
import Calendar
import Contracts
import Journal
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// What is due now: faults with who works on them, filings with the police.
struct TaskPageTests {
    @Test func openFaultsStandThereWithWhoWorksOnThem() async throws {
        try await TelemetryTest.run { test in
            let client = test.client
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", client)
            let cameras = test.cameras.filter { $0.canteenId == camera.canteenId }
            let signals = cameras.map { ($0, $0.id == camera.id ? "lost" : "ok") }
            try await test.minutes(2, cameras.map { ($0, "ok") })
            try await test.minutes(13, signals)
            let waiting = try await client.page("/registry/tasks", as: county)
            #expect(waiting.text.contains(camera.name) && waiting.text.contains("尚未派单"))
            let fault = try #require(try await test.faults().first)
            try await client.pool.execute(
                """
                INSERT INTO appointment (person_id, role, school_id, valid_from)
                VALUES ('keeper-1', 'platform_operator', \(camera.schoolId), '2026-01-01')
                """)
            struct Step: Encodable {
                let step = "assign"
                let responsible = "keeper-1"
            }
            let assigned = try await client.post("/registry/v1/faults/\(fault.id)/steps", as: county, json: Step())
            #expect(assigned.status == .ok, "\(assigned.text)")
            let page = try await client.page("/registry/tasks", as: county)
            #expect(page.text.contains("平台操作员") || !page.text.contains("尚未派单"))
            #expect(!page.text.contains("尚未派单") && !page.text.contains("⟦"))
            let other = try await RegistryTest.officer(.countyRegulator, "开平市市场监督管理局", client)
            #expect(try await !client.page("/registry/tasks", as: other).text.contains(camera.name))
        }
    }

    @Test func aFilingIsAskedForOnceWhenDueAndOnceWhenLateAndSettledWhenFiled() async throws {
        try await RegistryTest.run { client in
            try await RegistryTest.importCity(client)
            let camera = try await RegistryTest.camera(gbId: "44078400111327000001", client)
            let county = try await RegistryTest.officer(.countyRegulator, "鹤山市市场监督管理局", client)
            let enabled = LocalDate(client.clock.now()).adding(days: -10)
            try await client.pool.execute("UPDATE camera SET enabled_on = \(enabled) WHERE id = \(camera.id)")
            try await client.pool.execute(
                """
                INSERT INTO camera_retention_policy (camera_id, regime, changed_at)
                VALUES (\(camera.id), 'public_safety', now())
                """)
            let rule = try AccessRule.builtIn()
            let sweep = DailySweep(
                pool: client.pool, clock: client.clock, filings: FilingList(pool: client.pool, rule: rule),
                logger: .quiet("sweep"))
            func stages() async throws -> [FilingStage] {
                try await client.pool.query(
                    "SELECT data FROM journal WHERE type = \(CameraFilingChanged.type) ORDER BY position"
                ) { row -> FilingStage in
                    let bytes: [UInt8] = try row["data"]
                    return try EventJSON.decode(CameraFilingChanged.self, from: bytes).stage
                }
            }
            try await sweep.sweep()
            #expect(try await stages() == [], "20 days are left")
            #expect(try await !client.page("/registry/tasks", as: county).text.contains("即将到期"))
            client.clock.advance(by: .seconds(13 * 86_400))
            try await sweep.sweep()
            try await sweep.sweep()
            #expect(try await stages() == [.due])
            let due = try await client.page("/registry/tasks", as: county)
            #expect(due.text.contains("即将到期") && due.text.contains(enabled.adding(days: 30).iso))
            client.clock.advance(by: .seconds(8 * 86_400))
            try await sweep.sweep()
            #expect(try await stages() == [.due, .overdue])
            #expect(try await client.page("/registry/tasks", as: county, language: "en").text.contains("Late"))
            let school = Principal(personId: .new(), role: .safetyLead, schoolId: camera.schoolId)
            let today = LocalDate(client.clock.now())
            let filed = try await client.submit(
                "/registry/cameras/\(camera.id)/papers", as: school,
                [("filing_number", "粤公备0001"), ("filed_on", today.iso)])
            #expect(filed.status == .seeOther)
            try await sweep.sweep()
            try await sweep.sweep()
            #expect(try await stages() == [.due, .overdue, .filed])
            #expect(try await !client.page("/registry/tasks", as: county).text.contains("已逾期"))
        }
    }

    @Test func thresholdsThatContradictEachOtherAreNamed() {
        var rules = SignalRules()
        #expect(rules.contradictions.isEmpty)
        rules.faultAfter = .seconds(30)
        rules.clockRight = .seconds(90)
        #expect(rules.contradictions.map(\.setting) == ["SIGNAL_FAULT_SECONDS", "CLOCK_RIGHT_SECONDS"])
    }

    @Test func thresholdsComeFromTheSettings() async throws {
        let reader = try await SettingsReader(environment: [
            "SIGNAL_FAULT_SECONDS": "900", "FLAPPING_CHANGES": "6", "FAULT_ESCALATION_HOURS": "48",
        ])
        let settings = TelemetrySettings.read(reader)
        #expect(reader.faults.isEmpty)
        #expect(settings.signal.faultAfter == .seconds(900) && settings.signal.flappingChanges == 6)
        #expect(settings.signal.escalateAfter == .seconds(48 * 3600) && settings.signal.silence == .seconds(300))
        let wrong = try await SettingsReader(environment: [
            "SIGNAL_FAULT_SECONDS": "61", "SIGNAL_OFFLINE_SECONDS": "120", "FLAPPING_CHANGES": "none",
        ])
        _ = TelemetrySettings.read(wrong)
        #expect(Set(wrong.faults.map(\.name)) == ["SIGNAL_FAULT_SECONDS", "FLAPPING_CHANGES"])
    }
}
