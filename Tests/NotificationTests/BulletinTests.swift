import Calendar
import Contracts
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

@Suite(.timeLimit(.minutes(3))) struct BulletinTests {
    typealias Test = ServiceTest<NotificationService>

    @Test func aFoundProblemBecomesANumberedBulletinOnTheDepartmentsTopic() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await feed.found(City.problem())
            let issued = try #require(try await feed.published(BulletinIssued.self).first)
            #expect(issued.number == "440703-TB-2026-000001")
            #expect(issued.issuingOrganId == TestPersons.countyOrgan)
            #expect(issued.receivingOrganId == TestPersons.educationOrgan)
            #expect(issued.department == .education && issued.topic.name == "brightkitchen.bulletins.education.v1")
            #expect(issued.facts.contains("蓬江区实验小学") && issued.facts.contains("砧板生熟混用"))
            #expect(issued.requirement.contains("2026年11月28日 09:00"))
            #expect(issued.evidence.map(\.hash) == [String(repeating: "ab", count: 32)])
            // The receiver's inbox, and the document as the officer sees it.
            let page = try await client.page("/notification/bulletins/\(issued.bulletinId)", as: TestPersons.education)
            #expect(page.status == .ok)
            #expect(page.text.contains("440703-TB-2026-000001") && page.text.contains("蓬江区教育局"))
            #expect(page.text.contains("签收通报"))
            let inbox = try await client.page("/notification/inbox", as: TestPersons.education)
            #expect(inbox.text.contains("收到通报 440703-TB-2026-000001"))
        }
    }

    @Test func aTechnicalSchoolsBulletinGoesToHumanResources() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry(
                City.organs,
                [City.canteen(type: .technical, department: .humanResources, supervisor: TestPersons.hrOrgan)])
            try await feed.found(City.problem())
            let issued = try #require(try await feed.published(BulletinIssued.self).first)
            #expect(issued.topic.name == "brightkitchen.bulletins.human-resources.v1")
            let path = "/notification/bulletins/\(issued.bulletinId)"
            #expect(try await client.page(path, as: TestPersons.hr).status == .ok)
            #expect(try await client.page(path, as: TestPersons.education).status == .notFound)
        }
    }

    @Test func aBulletinWithoutReceiverWaitsVisiblyAndIsIssuedWhenTheOrganArrives() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            // The problem comes before anything of the registry does.
            try await feed.found(City.problem())
            #expect(try await feed.published(BulletinIssued.self).isEmpty)
            try await feed.registry(City.organs.filter { $0.organId != TestPersons.educationOrgan })
            #expect(try await feed.published(BulletinIssued.self).isEmpty)
            let waiting = try await client.page("/notification/bulletins?state=unroutable", as: TestPersons.county)
            #expect(waiting.text.contains("待签发") && waiting.text.contains("主管部门尚未登记"))
            #expect(waiting.text.contains("蓬江区实验小学"))
            try await feed.registry(City.organs.filter { $0.organId == TestPersons.educationOrgan }, [])
            let issued = try await feed.published(BulletinIssued.self)
            #expect(issued.map(\.number) == ["440703-TB-2026-000001"])
            // Told again, nothing more is issued.
            try await feed.registry()
            #expect(try await feed.published(BulletinIssued.self).count == 1)
        }
    }

    @Test func numbersAreGapFreeAmongSimultaneousAndAbortedTransactions() async throws {
        struct Abort: Error {}
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            let canteens = (0..<24).map { City.canteen(CanteenID("canteen-\($0)")) }
            try await feed.registry(City.organs, canteens)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    let problem = City.problem(ProblemID("problem-\(number)"), canteen: CanteenID("canteen-\(number)"))
                    group.addTask {
                        let event = feed.received(problem, at: problem.foundAt)
                        do {
                            try await client.pool.transaction { transaction in
                                try await service.desk.open(event, transaction)
                                if number % 3 == 0 { throw Abort() }
                            }
                        } catch is Abort {
                            return
                        }
                    }
                }
                try await group.waitForAll()
            }
            let numbers = try await feed.published(BulletinIssued.self).map(\.number).sorted()
            #expect(numbers == (1...16).map { BulletinNumber.text(prefix: "440703", year: 2026, counter: $0) })
        }
    }

    @Test func aDuplicateFindingIssuesNothingTwice() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            let id = try await feed.found(City.problem())
            try await feed.found(City.problem(), id: id)
            try await feed.found(City.problem(), id: id)
            #expect(try await feed.published(BulletinIssued.self).count == 1)
            #expect(try await feed.published(NoticeCreated.self).filter { $0.kind == "problem_found" }.count == 2)
        }
    }

    @Test func aReceiptIsGivenOnceByTheReceiverAndJournalled() async throws {
        try await Test.run { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await feed.found(City.problem())
            struct Inbox: Decodable {
                struct Item: Decodable { let itemId: String }
                let items: [Item]
                let total: Int
            }
            let inbox = try await client.get("/notification/inbox", as: TestPersons.education).json(Inbox.self)
            #expect(inbox.total == 1)
            let path = "/notification/inbox/\(try #require(inbox.items.first).itemId)/acknowledge"
            #expect(try await client.submit(path, as: TestPersons.county, []).status == .notFound)
            for _ in 0..<2 {
                #expect(try await client.submit(path, as: TestPersons.education, []).status == .seeOther)
            }
            let receipts = try await client.pool.query(
                "SELECT actor FROM journal WHERE type = 'brightkitchen.notification.bulletin.receipted.v1'"
            ) { row -> String in try row["actor"] }
            #expect(receipts == ["person:\(TestPersons.education.personId)"])
            let list = try await client.page("/notification/bulletins?state=receipted", as: TestPersons.county)
            #expect(list.text.contains("440703-TB-2026-000001"))
        }
    }
}
