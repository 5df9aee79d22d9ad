import Calendar
import Contracts
import Journal
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// Article 5: who is told about the ten working days, and who gets the bulletin when they have passed.
@Suite(.timeLimit(.minutes(3))) struct AccessTests {
    typealias Test = ServiceTest<NotificationService>

    private static let issued = LocalDate(daysSinceEpoch: 20724)  // 2026-09-28
    private static let deadline = LocalDate(daysSinceEpoch: 20742)  // 2026-10-16

    private static func overdue(
        _ canteen: Canteen = City.canteen(), late: Bool = false
    ) -> AccessOverdue {
        AccessOverdue(
            canteenId: canteen.id, canteenName: canteen.name, schoolId: canteen.schoolId,
            schoolName: canteen.schoolName, schoolType: canteen.schoolType, isCaterer: canteen.isCaterer,
            divisionCode: canteen.divisionCode, cityDirect: canteen.cityDirect, licenceNumber: "JY34407030000010",
            licenceIssuedOn: issued, deadline: deadline, overdueSince: deadline.adding(days: 1).start,
            workingDays: 10, calendarVersion: "test", stationOrganId: canteen.stationOrganId,
            countyOrganId: canteen.countyOrganId, cityOrganId: canteen.cityOrganId,
            supervisingDepartment: canteen.supervisingDepartment, supervisingOrganId: canteen.supervisingOrganId,
            supervisingReason: "division", unmet: ["zone:Z3"], increaseInspection: true,
            registeredAfterDeadline: late, ruleSet: "jm-2020-232")
    }

    private static let due = AccessDue(
        canteenId: CanteenID("canteen-1"), canteenName: "第一食堂", schoolId: TestPersons.school, schoolName: "蓬江区实验小学",
        licenceNumber: "JY34407030000010", licenceIssuedOn: issued, deadline: deadline, provisional: false,
        calendarVersion: "test", workingDays: 10, ruleSet: "jm-2020-232")

    private static let connected = AccessConnected(
        canteenId: CanteenID("canteen-1"), canteenName: "第一食堂", schoolId: TestPersons.school, schoolName: "蓬江区实验小学",
        timeliness: .late, days: 3, deadline: deadline, connectedAt: deadline.adding(days: 3).start,
        confirmedBy: PersonID("person-county"))

    private func take(_ overdue: AccessOverdue, _ feed: Feed, id: EventID = .new()) async throws {
        let event = feed.received(overdue, id: id)
        let service = feed.service
        try await feed.client.pool.transaction { try await service.access.overdue(event, $0) }
    }

    @Test func theSupervisingBureauGetsOneBulletinHoweverOftenTheEventComes() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let id = EventID.new()
            for _ in 0..<3 { try await take(Self.overdue(), feed, id: id) }
            let issued = try await feed.published(BulletinIssued.self)
            #expect(issued.map(\.number) == ["440703-TB-2026-000001"])
            let bulletin = try #require(issued.first)
            #expect(bulletin.cause == .notConnected)
            #expect(bulletin.issuingOrganId == TestPersons.countyOrgan)
            #expect(bulletin.receivingOrganId == TestPersons.educationOrgan)
            #expect(bulletin.problemId == nil)
            #expect(bulletin.facts.contains("2026 年 10 月 16 日") && bulletin.facts.contains("JY34407030000010"))
            for person in [TestPersons.principal, TestPersons.county, TestPersons.station] {
                let inbox = try await client.page("/notification/inbox", as: person)
                #expect(inbox.text.contains("未按期接入"), "\(person.role)")
                #expect(inbox.text.contains("/registry/canteens/canteen-1/access"))
            }
        }
    }

    @Test func aTechnicalSchoolIsReportedToHumanResources() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            let canteen = City.canteen(
                type: .technical, department: .humanResources, supervisor: TestPersons.hrOrgan)
            try await feed.registry(City.organs, [canteen])
            try await take(Self.overdue(canteen), feed)
            let bulletin = try #require(try await feed.published(BulletinIssued.self).first)
            #expect(bulletin.topic.name == "brightkitchen.bulletins.human-resources.v1")
        }
    }

    @Test func aCanteenRegisteredAfterItsDeadlineIsToldAboutButReportedByHandOnly() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await take(Self.overdue(late: true), feed)
            #expect(try await feed.published(BulletinIssued.self).isEmpty)
            let inbox = try await client.page("/notification/inbox", as: TestPersons.county)
            #expect(inbox.text.contains("未按期接入"))
        }
    }

    @Test func theLineIsSettledWhenTheCanteenIsConnected() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let due = feed.received(Self.due, at: Self.issued.start)
            try await client.pool.transaction { try await service.access.due(due, $0) }
            let before = try await client.page("/notification/inbox", as: TestPersons.principal)
            #expect(before.text.contains("须在十个工作日内完成平台接入"))
            let connected = feed.received(Self.connected, at: Self.connected.connectedAt)
            try await client.pool.transaction { try await service.access.connected(connected, $0) }
            let after = try await client.page("/notification/inbox", as: TestPersons.principal)
            #expect(after.text.contains("已完成平台接入"))
            #expect(!after.text.contains("须在十个工作日内完成平台接入"))
            // The county was never told of this one, so it is not told that it is over.
            let county = try await client.page("/notification/inbox", as: TestPersons.county)
            #expect(!county.text.contains("已完成平台接入"))
        }
    }
}
