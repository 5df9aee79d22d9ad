import Access
import Calendar
import Contracts
import Foundation
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// Mail and messages to persons, against a mail server that takes, greylists and refuses.
@Suite(.timeLimit(.minutes(3))) struct PeopleTests {
    typealias Test = ServiceTest<NotificationService>
    static let address = "chen.officer@city.example"

    private func appoint(_ client: ServiceClient, _ person: Principal, until: LocalDate? = nil) async throws {
        let appointed = StaffAppointed(
            personId: person.personId, role: person.role, organId: person.organId, schoolId: person.schoolId,
            validFrom: LocalDate(daysSinceEpoch: 0), validTo: until)
        try await client.pool.transaction { try await RegistryStore.save(appointed, $0) }
    }

    private static func serious(_ id: ProblemID, found: Instant) -> ProblemFound {
        var problem = City.problem(id, found: found)
        problem.severity = 1
        return problem
    }

    struct Added: Decodable { let contactId: String }

    /// Adds an address and proves it with the code that came there.
    @discardableResult
    private func addContact(
        _ client: ServiceClient, _ office: PostOffice, _ person: Principal, mode: String = "all",
        address: String = address
    ) async throws -> String {
        let answer = try await client.post(
            "/notification/contacts", as: person, json: ["channel": "mail", "address": address, "mode": mode])
        #expect(answer.status == .created)
        let id = try answer.json(Added.self).contactId
        let code = try #require(office.mails.last?.text.firstMatch(of: /[0-9]{6}/).map { String($0.0) })
        let path = "/notification/contacts/\(id)/verify"
        let wrong = try await client.post(path, as: person, json: ["code": code == "000000" ? "000001" : "000000"])
        #expect(wrong.problemCode == "wrong_code")
        #expect(try await client.post(path, as: person, json: ["code": code]).status == .accepted)
        return id
    }

    private struct Entries: Decodable {
        struct Entry: Decodable {
            let channel: String
            let state: String
            let reason: String?
            let personId: String?
            let attempts: Int
        }
        let items: [Entry]
    }

    private func ledger(_ client: ServiceClient, as person: Principal = TestPersons.station) async throws -> [Entries
        .Entry]
    {
        try await client.get("/notification/ledger?channel=mail", as: person).json(Entries.self).items
    }

    @Test func aProvenAddressIsToldAGreylistingServerIsTriedAgainAndTheAddressStaysSealed() async throws {
        let office = try PostOffice()
        defer { office.stop() }
        try await Test.run(environment: office.environment) { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await appoint(client, TestPersons.station)
            try await addContact(client, office, TestPersons.station)
            #expect(office.mails.count == 1 && office.mails[0].to == Self.address)
            try await feed.found(City.problem())
            try await service.people.work()
            #expect(office.recipients == 1)
            office.reply(450)
            client.clock.advance(by: .seconds(130))
            try await service.people.work()
            #expect(office.recipients == 2 && office.mails.count == 1)
            #expect(try await ledger(client).map(\.reason) == ["smtp_450"])
            client.clock.advance(by: .seconds(80))
            try await service.people.work()
            let mail = try #require(office.mails.last)
            #expect(office.mails.count == 2 && mail.subject.contains("发现问题") && mail.subject.contains("蓬江区实验小学"))
            #expect(mail.text.contains("生熟食品的工具、容器分开使用") && mail.text.contains("/notification/threads/"))
            // What was found is not in a mail: only its owner's inbox shows it.
            #expect(!mail.text.contains("砧板生熟混用"))
            let entry = try #require(try await ledger(client).first)
            #expect(entry.state == "sent" && entry.personId == TestPersons.station.personId.rawValue)
            #expect(entry.attempts == 2)
            try await service.people.work()
            #expect(office.mails.count == 2)
            try await noTraceOfTheAddress(client)
            let own = try await client.page("/notification/contacts", as: TestPersons.station)
            #expect(own.text.contains("c***@city.example") && !own.text.contains(Self.address))
            let other = try await client.page("/notification/contacts", as: TestPersons.principal)
            #expect(!other.text.contains("c***@city.example"))
        }
    }

    private func noTraceOfTheAddress(_ client: ServiceClient) async throws {
        let found = try await client.pool.first(
            """
            SELECT (SELECT count(*) FROM journal WHERE position(\(Array(Self.address.utf8)) IN data) > 0)
                 + (SELECT count(*) FROM contact WHERE position(\(Self.address) IN address) > 0) AS n
            """
        ) { row -> Int in try row["n"] }
        #expect(found == 0)
        let journalled = try await client.pool.first(
            "SELECT count(*) AS n FROM journal WHERE type = 'brightkitchen.notification.notice.sent.v1'"
        ) { row -> Int in try row["n"] }
        #expect(journalled == 1)
    }

    @Test func atNightOnlyClassOneIsSentAndTheRestWaitsForTheMorningTogether() async throws {
        let office = try PostOffice()
        defer { office.stop() }
        try await Test.run(environment: office.environment) { service, client in
            try await night(service, client, office)
        }
    }

    private func grouped(_ office: PostOffice) -> Int {
        office.mails.filter { $0.subject.contains("2 条新消息") }.count
    }

    private func night(_ service: NotificationService, _ client: ServiceClient, _ office: PostOffice) async throws {
        let feed = Feed(service: service, client: client)
        try await feed.registry()
        try await appoint(client, TestPersons.station)
        try await addContact(client, office, TestPersons.station)
        // Monday 09:00 in the city → 23:00.
        client.clock.advance(by: .seconds(14 * 3600))
        let night = client.clock.now()
        try await feed.found(City.problem(ProblemID("a"), found: night))
        try await feed.found(City.problem(ProblemID("b"), found: night))
        try await feed.found(Self.serious(ProblemID("c"), found: night))
        client.clock.advance(by: .seconds(600))
        try await service.people.work()
        #expect(office.mails.count == 2)
        let urgent = try #require(office.mails.last)
        #expect(urgent.text.contains("一类（严重）"))
        // 06:59: still quiet. 07:00: both in one mail.
        client.clock.advance(by: .seconds(7 * 3600 + 49 * 60))
        try await service.people.work()
        #expect(grouped(office) == 0)
        client.clock.advance(by: .seconds(60))
        try await service.people.work()
        #expect(grouped(office) == 1)
    }

    @Test func aRefusedAddressAndAPersonWhoLeftAreVisibleAndGetNothingMore() async throws {
        let office = try PostOffice()
        defer { office.stop() }
        try await Test.run(environment: office.environment) { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await appoint(client, TestPersons.station)
            try await appoint(client, TestPersons.principal)
            try await addContact(client, office, TestPersons.station)
            try await addContact(client, office, TestPersons.principal, address: "head@school.example")
            try await feed.found(City.problem())
            try await service.people.desk.fanOut(now: client.clock.now())
            try await appoint(client, TestPersons.principal, until: LocalDate(client.clock.now()).adding(days: -1))
            office.reply(550)
            client.clock.advance(by: .seconds(130))
            try await service.people.work()
            #expect(office.mails.count == 2)
            #expect(Set(try await ledger(client).map(\.reason)) == ["smtp_550", "recipient_left"])
            #expect(try await ledger(client).allSatisfy { $0.state == "failed" })
            #expect(try await client.page("/notification/contacts", as: TestPersons.station).text.contains("地址被拒收"))
            try await feed.found(City.problem(ProblemID("problem-2")))
            client.clock.advance(by: .seconds(130))
            try await service.people.work()
            #expect(office.mails.count == 2)
        }
    }

    @Test func aNewsAboutTheSameMatterWaitsForTheCoolDownAndIsNotSentWhenItWasReadMeanwhile() async throws {
        let office = try PostOffice()
        defer { office.stop() }
        try await Test.run(environment: office.environment) { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await appoint(client, TestPersons.station)
            try await addContact(client, office, TestPersons.station)
            let problem = City.problem()
            try await feed.found(problem)
            try await service.people.work()
            client.clock.advance(by: .seconds(130))
            try await service.people.work()
            #expect(office.mails.count == 2)
            try await feed.closed(City.closed(problem, after: .seconds(140)))
            try await service.people.work()
            client.clock.advance(by: .seconds(600))
            try await service.people.work()
            #expect(office.mails.count == 2)
            struct Inbox: Decodable {
                struct Item: Decodable { let itemId: String }
                let items: [Item]
            }
            let inbox = try await client.get("/notification/inbox", as: TestPersons.station).json(Inbox.self)
            for item in inbox.items {
                _ = try await client.post(
                    "/notification/inbox/\(item.itemId)/read", as: TestPersons.station, json: [String: String]())
            }
            client.clock.advance(by: .seconds(1800))
            try await service.people.work()
            #expect(office.mails.count == 2)
            #expect(try await ledger(client).map(\.reason) == ["read_before", nil])
        }
    }

    @Test func whenNobodyAcknowledgesTheSilentOnesAreRemindedAndThenTheOrganAboveIsTold() async throws {
        let office = try PostOffice()
        defer { office.stop() }
        try await Test.run(environment: office.environment) { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await appoint(client, TestPersons.county)
            try await addContact(client, office, TestPersons.county, mode: "urgent")
            try await feed.found(Self.serious(ProblemID("problem-1"), found: Test.monday))
            client.clock.advance(by: .seconds(29 * 60))
            #expect(try await service.people.desk.escalate(now: client.clock.now()) == 0)
            client.clock.advance(by: .seconds(60))
            // The school's inbox and the station's.
            #expect(try await service.people.desk.escalate(now: client.clock.now()) == 2)
            #expect(try await service.people.desk.escalate(now: client.clock.now()) == 0)
            let station = try await client.page("/notification/inbox", as: TestPersons.station)
            #expect(station.text.contains("提醒：尚未确认"))
            client.clock.advance(by: .seconds(90 * 60))
            #expect(try await service.people.desk.escalate(now: client.clock.now()) == 2)
            let events = try await feed.published(NoticeEscalated.self)
            #expect(events.map(\.step) == [1, 1, 2, 2])
            #expect(events.compactMap(\.escalatedToOrganId) == [TestPersons.countyOrgan, TestPersons.countyOrgan])
            try await service.people.work()
            #expect(office.mails.dropFirst().contains { $0.text.contains("下级未及时确认") })
        }
    }

    @Test func aDigestComesOnceADayAndOnlyWhenThereIsSomething() async throws {
        let office = try PostOffice()
        defer { office.stop() }
        try await Test.run(environment: office.environment) { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await appoint(client, TestPersons.station)
            try await addContact(client, office, TestPersons.station, mode: "digest")
            // 09:00: today's time has passed, but nothing is there.
            try await service.people.work()
            #expect(office.mails.count == 1)
            try await feed.found(City.problem())
            client.clock.advance(by: .seconds(22 * 3600))
            try await service.people.work()
            #expect(office.mails.count == 1)
            client.clock.advance(by: .seconds(3600))
            for _ in 0..<2 { try await service.people.work() }
            #expect(office.mails.count == 2)
            let digest = try #require(office.mails.last)
            #expect(digest.subject.contains("2026-11-24 每日摘要") && digest.text.contains("未读 1 条"))
        }
    }

    @Test func aTemplateWithAnUnknownFieldIsRefusedAndANewVersionIsUsedAtOnce() async throws {
        let office = try PostOffice()
        defer { office.stop() }
        try await Test.run(environment: office.environment) { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await appoint(client, TestPersons.station)
            try await addContact(client, office, TestPersons.station)
            let path = "/notification/templates/notice/zh"
            let refused = try await client.post(
                path, as: TestPersons.city, json: ["subject": "{school}", "body": "{phone} {link}", "reason": "a"])
            #expect(refused.status == .unprocessableContent && refused.problemCode == "unknown_field")
            let page = try await client.submit(
                "\(path)/preview", as: TestPersons.city, [("subject", "{pupil}"), ("body", "x")])
            #expect(page.status == .unprocessableContent && page.text.contains("{pupil}"))
            let wording = ["subject": "江门提醒 {school}", "body": "请看 {link}", "reason": "统一称呼"]
            #expect(try await client.post(path, as: TestPersons.county, json: wording).status == .forbidden)
            let useless = try await client.post(
                path, as: TestPersons.city, json: ["subject": "a", "body": "b", "reason": "c"])
            #expect(useless.problemCode == "field_needed")
            let shown = try await client.post("\(path)/preview", as: TestPersons.city, json: wording)
            #expect(try shown.json([String: String].self)["subject"] == "江门提醒 示例小学")
            try await approveWording(path, wording, client)
            try await feed.found(City.problem())
            try await service.people.work()
            client.clock.advance(by: .seconds(130))
            try await service.people.work()
            #expect(office.mails.last?.subject == "江门提醒 蓬江区实验小学")
            let history = try await client.page(path, as: TestPersons.auditor, language: "en")
            #expect(
                history.text.contains("江门提醒") && history.text.contains(BulletinRuleTests.secondPerson.personId.rawValue)
            )
        }
    }

    private struct Proposed: Decodable {
        let approvalId: String
        let contentSha256: String
    }

    /// Proposed by one person, agreed to by another; in force from then on and not before.
    private func approveWording(_ path: String, _ wording: [String: String], _ client: ServiceClient) async throws {
        let answer = try await client.post(path, as: TestPersons.city, json: wording)
        #expect(answer.status == .created, "\(answer.text)")
        let proposed = try answer.json(Proposed.self)
        let built = try await TemplateStore.current(.notice, .zh, client.pool)
        #expect(built.version == 0)
        #expect(try await client.post(path, as: TestPersons.city, json: wording).problemCode == "approval_pending")
        let decide = "/notification/v1/approvals/\(proposed.approvalId)/decision"
        let decision = BulletinRuleTests.Decision(contentSha256: proposed.contentSha256)
        #expect(try await client.post(decide, as: TestPersons.city, json: decision).problemCode == "same_person")
        #expect(try await client.post(decide, as: BulletinRuleTests.secondPerson, json: decision).status == .ok)
        let current = try await TemplateStore.current(.notice, .zh, client.pool)
        #expect(current.version == 1)
        #expect(try await client.post(path, as: TestPersons.city, json: wording).problemCode == "nothing_changed")
    }

    @Test func theGatewayCarriesTextMessagesOnceAccepted() async throws {
        let gateway = Receiver()
        let secrets = try SecretsFolder(["message-gateway-token": "gateway-token"])
        try await gateway.run { url in
            let environment = ["MESSAGE_GATEWAY_URL": url, "SECRETS_DIR": secrets.path]
            try await Test.run(environment: environment) { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                try await appoint(client, TestPersons.station)
                for wrong in [["channel": "mail", "address": Self.address], ["channel": "sms", "address": "12345"]] {
                    #expect(
                        try await client.post("/notification/contacts", as: TestPersons.station, json: wrong).status
                            == .unprocessableContent)
                }
                let added = try await client.post(
                    "/notification/contacts", as: TestPersons.station,
                    json: ["channel": "sms", "address": "13800138000", "language": "en"])
                let id = try added.json(Added.self).contactId
                struct Message: Decodable {
                    let channel: String
                    let to: String
                    let text: String
                    let messageId: String
                }
                let first = try #require(gateway.messages.first)
                let message = try EventJSON.decode(Message.self, from: first.body)
                #expect(message.channel == "sms" && message.to == "+8613800138000")
                #expect(first.headers.contains { $0.value == "Bearer gateway-token" })
                let code = try #require(message.text.firstMatch(of: /[0-9]{6}/).map { String($0.0) })
                _ = try await client.post(
                    "/notification/contacts/\(id)/verify", as: TestPersons.station, json: ["code": code])
                gateway.answer(.serviceUnavailable)
                try await feed.found(City.problem())
                try await service.people.work()
                for _ in 0..<2 {
                    client.clock.advance(by: .seconds(130))
                    try await service.people.work()
                }
                #expect(gateway.messages.count == 3)
                let ids = try gateway.messages.dropFirst().map {
                    try EventJSON.decode(Message.self, from: $0.body).messageId
                }
                #expect(Set(ids).count == 1)
            }
        }
    }

    @Test func theInventoryFitsTheTablesAndThePurgeForgetsWhoLeft() async throws {
        let office = try PostOffice()
        defer { office.stop() }
        try await Test.run(environment: office.environment) { service, client in
            let inventory = try PersonalDataInventory.shipped()
            let entry = try #require(inventory.entries(of: "notification").first { $0.table == "contact" })
            #expect(entry.columns.contains(NotificationService.sealedColumns[0].column) && entry.protection == .sealed)
            try await appoint(client, TestPersons.station)
            try await addContact(client, office, TestPersons.station)
            try await appoint(client, TestPersons.station, until: LocalDate(client.clock.now()).adding(days: -1))
            try await service.people.work()
            let purge = RetentionPurge(service: "notification", inventory: inventory, pool: client.pool)
            #expect(try await purge.run(now: client.clock.now() + .seconds(29 * 86_400)) == [])
            #expect(try await purge.run(now: client.clock.now() + .seconds(31 * 86_400)).map(\.rows) == [1])
        }
    }
}
