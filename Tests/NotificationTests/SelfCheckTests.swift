import Access
import Calendar
import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// Art 8: the school is told that a self-check is due, it and those who supervise it that one was missed.
@Suite(.timeLimit(.minutes(2))) struct SelfCheckTests {
    typealias Test = ServiceTest<NotificationService>

    private static let canteen = CanteenID("canteen-1")
    private static let day = LocalDate(Test.monday)
    private static let dueBy = Test.monday + .seconds(9 * 3600)

    private static var due: SelfCheckDue {
        SelfCheckDue(
            canteenId: canteen, schoolId: TestPersons.school, period: .daily, firstDay: day, lastDay: day, dueBy: dueBy,
            provisional: false)
    }

    private static var missed: SelfCheckMissed {
        SelfCheckMissed(
            canteenId: canteen, schoolId: TestPersons.school, period: .daily, firstDay: day, lastDay: day, dueBy: dueBy)
    }

    private static func submitted(at instant: Instant) -> SelfCheckSubmitted {
        SelfCheckSubmitted(
            canteenId: canteen, schoolId: TestPersons.school, period: .daily, firstDay: day, lastDay: day, version: 1,
            noProblemFound: true, findings: [], submittedBy: TestPersons.safetyLead.personId, role: .safetyLead,
            submittedAt: instant, late: true, missingReports: [], identicalRun: 1, qualityFlags: [])
    }

    private struct Inbox: Decodable {
        struct Item: Decodable {
            let latestKind: String
            let isOpen: Bool
            let dueAt: Instant?
            let link: String?
        }
        let items: [Item]
    }

    private func inbox(_ client: ServiceClient, _ person: Principal) async throws -> [Inbox.Item] {
        try await client.get("/notification/inbox", as: person).json(Inbox.self).items
    }

    @Test func dueMissedAndLateAreOneLineOfTheSchoolAndTheBureauHearsOfTheMissedOne() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let checks = service.selfChecks
            let due = feed.received(Self.due)
            for _ in 0..<2 { try await client.pool.transaction { try await checks.due(due, $0) } }
            let first = try await inbox(client, TestPersons.principal)
            #expect(first.map(\.latestKind) == ["self_check_due"] && first[0].dueAt == Self.dueBy)
            #expect(first[0].link?.contains("canteen=canteen-1") == true)
            #expect(try await inbox(client, TestPersons.education).isEmpty)
            client.clock.advance(by: .seconds(86_400))
            let missed = feed.received(Self.missed)
            try await client.pool.transaction { try await checks.missed(missed, $0) }
            for person in [TestPersons.principal, TestPersons.education] {
                let lines = try await inbox(client, person)
                #expect(lines.map(\.latestKind) == ["self_check_missed"] && lines[0].isOpen, "\(person.role)")
            }
            #expect(try await inbox(client, TestPersons.hr).isEmpty)
            client.clock.advance(by: .seconds(60))
            let late = feed.received(Self.submitted(at: client.clock.now()))
            try await client.pool.transaction { try await checks.submitted(late, $0) }
            for person in [TestPersons.principal, TestPersons.education] {
                let lines = try await inbox(client, person)
                #expect(lines.map(\.latestKind) == ["self_check_submitted"] && !lines[0].isOpen, "\(person.role)")
            }
        }
    }

    @Test func aBureauHearsOfItOnceTheCanteenIsKnown() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry(City.organs, [])
            let missed = feed.received(Self.missed)
            try await client.pool.transaction { try await service.selfChecks.missed(missed, $0) }
            #expect(try await inbox(client, TestPersons.education).isEmpty)
            for _ in 0..<2 { try await feed.canteen(City.canteen()) }
            #expect(try await inbox(client, TestPersons.education).map(\.latestKind) == ["self_check_missed"])
            #expect(try await feed.published(NoticeCreated.self).count == 2)
        }
    }

    @Test func nobodyIsToldOfAReportThatNobodyWasAskedFor() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let report = feed.received(Self.submitted(at: client.clock.now()))
            try await client.pool.transaction { try await service.selfChecks.submitted(report, $0) }
            #expect(try await inbox(client, TestPersons.principal).isEmpty)
        }
    }
}
