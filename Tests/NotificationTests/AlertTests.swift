import Contracts
import Journal
import TestSupport
import Testing

@testable import NotificationService

/// Scenario 9: a class 1 alert reaches school and officers at once, as unconfirmed, and its end reaches them too.
@Suite(.timeLimit(.minutes(3))) struct AlertTests {
    @Test func schoolAndOfficersAreToldOfTheAlertAndOfItsEnd() async throws {
        try await ServiceTest<NotificationService>.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let alert = AlertID.new()
            let now = client.clock.now()
            let raised = feed.received(
                AlertRaised(
                    alertId: alert, canteenId: CanteenID("canteen-1"), schoolId: TestPersons.school,
                    enforcementOrganId: TestPersons.stationOrgan, cameraId: CameraID("camera-1"), zone: .z1,
                    code: "rodent", text: "发现鼠类等有害生物", severity: 1, status: "unconfirmed", detectedAt: now,
                    raisedAt: now))
            for _ in 0..<2 { try await client.pool.transaction { try await service.alerts.raised(raised, $0) } }
            for person in [TestPersons.principal, TestPersons.station] {
                let inbox = try await client.page("/notification/inbox", as: person)
                #expect(inbox.text.contains("智能告警（未经人工核实）"), "\(person.role)")
                #expect(inbox.text.contains("/patrol/alerts/\(alert)"))
            }
            let decided = feed.received(
                AlertDecided(
                    alertId: alert, canteenId: CanteenID("canteen-1"), schoolId: TestPersons.school,
                    outcome: .falsePositive, reason: "画面中是猫", decidedAt: now))
            try await client.pool.transaction { try await service.alerts.decided(decided, $0) }
            for person in [TestPersons.principal, TestPersons.station] {
                let inbox = try await client.page("/notification/inbox", as: person)
                #expect(inbox.text.contains("智能告警经核实为误报") && !inbox.text.contains("未经人工核实"), "\(person.role)")
            }
            #expect(try await feed.published(NoticeCreated.self).map(\.kind).sorted().count == 4)
        }
    }
}
