import Calendar
import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

@Suite(.timeLimit(.minutes(3))) struct InboxTests {
    typealias Test = ServiceTest<NotificationService>

    struct Inbox: Decodable {
        struct Item: Decodable {
            let itemId: String
            let threadId: String?
            let unread: Int
            let state: String?
            let latestKind: String
            let dueAt: Instant?
        }
        let items: [Item]
        let unread: Int
        let open: Int
        let overdue: Int
        let total: Int
    }

    @Test func theSchoolAndTheEnforcementOrganAreBothTold() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await feed.found(City.problem())
            for person in [TestPersons.principal, TestPersons.safetyLead, TestPersons.station] {
                let inbox = try await client.get("/notification/inbox", as: person).json(Inbox.self)
                #expect(inbox.total == 1 && inbox.unread == 1 && inbox.open == 1)
                let page = try await client.page("/notification/inbox", as: person)
                #expect(page.text.contains("生熟食品的工具、容器分开使用") && page.text.contains("发现问题"))
            }
            for person in [TestPersons.otherPrincipal, TestPersons.otherStation, TestPersons.otherCounty] {
                let inbox = try await client.get("/notification/inbox", as: person).json(Inbox.self)
                #expect(inbox.total == 0)
            }
            let notices = try await feed.published(NoticeCreated.self).filter { $0.kind == "problem_found" }
            #expect(Set(notices.compactMap(\.recipientOrganId)) == [TestPersons.stationOrgan])
            #expect(Set(notices.compactMap(\.recipientSchoolId)) == [TestPersons.school])
        }
    }

    @Test func eventsInAnyOrderMakeOneThreadWithTheFinalState() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let problem = City.problem()
            try await feed.closed(City.closed(problem, after: .seconds(20)))
            try await feed.submitted(City.submitted(problem, after: .seconds(10)))
            let id = try await feed.found(problem)
            try await feed.found(problem, id: id)
            for person in [TestPersons.principal, TestPersons.station] {
                let inbox = try await client.get("/notification/inbox", as: person).json(Inbox.self)
                #expect(inbox.total == 1)
                let item = try #require(inbox.items.first)
                #expect(item.state == "closed" && item.latestKind == "problem_closed" && item.unread == 3)
                #expect(item.dueAt == nil && inbox.open == 0)
                let thread = try await client.page(
                    "/notification/threads/\(try #require(item.threadId))", as: person)
                let text = thread.text
                let positions = ["发现问题", "学校提交整改", "问题办结"].compactMap { word in
                    text.range(of: "<strong>\(word)</strong>")?.lowerBound
                }
                #expect(positions.count == 3 && positions == positions.sorted())
                #expect(text.contains("更换砧板并分色") && text.contains("/patrol/problems/problem-1"))
            }
        }
    }

    @Test func openingAThreadIsReadingItOnce() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await feed.found(City.problem())
            let inbox = try await client.get("/notification/inbox", as: TestPersons.principal).json(Inbox.self)
            let thread = try #require(inbox.items.first?.threadId)
            for _ in 0..<2 {
                _ = try await client.page("/notification/threads/\(thread)", as: TestPersons.principal)
            }
            let read = try await feed.published(NoticeRead.self)
            #expect(read.map(\.readBy) == [TestPersons.principal.personId])
            let after = try await client.get("/notification/inbox", as: TestPersons.principal).json(Inbox.self)
            #expect(after.unread == 0 && after.total == 1)
            // The officer has not read it.
            #expect(try await client.get("/notification/inbox", as: TestPersons.station).json(Inbox.self).unread == 1)
            // What comes later makes it unread again.
            try await feed.submitted(City.submitted(City.problem(), after: .seconds(10)))
            #expect(try await client.get("/notification/inbox", as: TestPersons.principal).json(Inbox.self).unread == 1)
        }
    }

    @Test func unreadAndDueComeFirst() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry(City.organs, (1...3).map { City.canteen(CanteenID("canteen-\($0)")) })
            let start = client.clock.now()
            for number in 1...3 {
                try await feed.found(
                    City.problem(
                        ProblemID("problem-\(number)"), canteen: CanteenID("canteen-\(number)"),
                        found: start + .seconds(-number * 3600)))
            }
            client.clock.advance(by: .seconds(21 * 3600 + 1800))
            let inbox = try await client.get("/notification/inbox", as: TestPersons.principal).json(Inbox.self)
            let due = inbox.items.compactMap(\.dueAt)
            #expect(due == due.sorted() && due.count == 3)
            #expect(inbox.overdue == 1)
            let page = try await client.page("/notification/inbox", as: TestPersons.principal)
            #expect(page.text.contains("已逾期") && page.text.contains("24 小时内到期"))
            // Read ones move behind the unread.
            let first = try #require(inbox.items.first?.itemId)
            #expect(
                try await client.post(
                    "/notification/inbox/\(first)/read", as: TestPersons.principal, json: [:] as [String: String]
                )
                .status == .noContent)
            let after = try await client.get("/notification/inbox", as: TestPersons.principal).json(Inbox.self)
            #expect(after.items.last?.itemId == first)
        }
    }

    @Test func aThreadOfAnotherSchoolDoesNotExist() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await feed.found(City.problem())
            let inbox = try await client.get("/notification/inbox", as: TestPersons.principal).json(Inbox.self)
            let item = try #require(inbox.items.first)
            let thread = try #require(item.threadId)
            for person in [TestPersons.otherPrincipal, TestPersons.otherStation, TestPersons.education] {
                #expect(try await client.page("/notification/threads/\(thread)", as: person).status == .notFound)
                #expect(
                    try await client.submit("/notification/inbox/\(item.itemId)/acknowledge", as: person, []).status
                        == .notFound)
            }
        }
    }
}
