import Access
import Calendar
import Contracts
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// One ledger over all channels, for whoever sent.
@Suite(.timeLimit(.minutes(3))) struct LedgerTests {
    typealias Test = ServiceTest<NotificationService>

    struct Entries: Decodable {
        struct Entry: Decodable {
            let channel: String
            let what: String
            let recipientName: String?
            let state: String
            let severity: Int?
            let reason: String?
            let acknowledgedAt: Instant?
        }
        let total: Int
        let items: [Entry]
    }

    struct Figures: Decodable {
        struct Channel: Decodable {
            let channel: String
            let total: Int
            let states: [String: Int]
            let arrivedShare: Double?
            let medianSecondsToRead: Double?
        }
        struct Day: Decodable {
            let day: LocalDate
            let arrived: Int
            let failed: Int
        }
        let total: Int
        let channels: [Channel]
        let days: [Day]
    }

    struct Inbox: Decodable {
        struct Item: Decodable { let itemId: String }
        let items: [Item]
    }

    private func entries(_ client: ServiceClient, _ query: String, as person: Principal) async throws -> Entries {
        try await client.get("/notification/ledger\(query)", as: person).json(Entries.self)
    }

    @Test func theSenderFollowsAMessageFromTheInboxToItsAcknowledgementOverEveryChannel() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                struct Wish: Encodable {
                    let url: String
                    let eventTypes = [ProblemFound.type]
                }
                let registered = try await client.post(
                    "/notification/webhooks", as: TestPersons.education, json: Wish(url: url))
                #expect(registered.status == .created)
                receiver.answer(.gone)
                try await feed.found(City.problem())
                try await service.dispatcher.deliverDue()
                // The station found the problem: the school's and its own inbox, and the bureau's webhook.
                let sent = try await entries(client, "", as: TestPersons.station)
                #expect(sent.items.filter { $0.channel == "inbox" }.map(\.state) == ["delivered", "delivered"])
                #expect(sent.items.allSatisfy { $0.severity == 2 || $0.channel != "inbox" })
                let webhook = try #require(sent.items.first { $0.channel == "webhook" })
                #expect(webhook.state == "failed" && webhook.reason == "410")
                // The county issued the bulletin.
                let issued = try await entries(client, "?channel=inbox", as: TestPersons.county)
                #expect(issued.items.map(\.what) == ["bulletin_received"])
                #expect(issued.items.map(\.recipientName) == ["蓬江区教育局"])
                #expect(try await entries(client, "?channel=webhook&state=failed", as: TestPersons.auditor).total == 1)
                client.clock.advance(by: .seconds(600))
                let inbox = try await client.get("/notification/inbox", as: TestPersons.principal).json(Inbox.self)
                let item = try #require(inbox.items.first)
                _ = try await client.post(
                    "/notification/inbox/\(item.itemId)/read", as: TestPersons.principal, json: [String: String]())
                let read = try await entries(client, "?state=read", as: TestPersons.station)
                #expect(read.items.map(\.recipientName) == ["蓬江区实验小学"])
                _ = try await client.post(
                    "/notification/inbox/\(item.itemId)/acknowledge", as: TestPersons.principal,
                    json: [String: String]())
                let acknowledged = try await entries(client, "?state=acknowledged&severity=2", as: TestPersons.station)
                #expect(acknowledged.items.map(\.acknowledgedAt) == [client.clock.now()])
                // Another organ sent nothing.
                #expect(try await entries(client, "", as: TestPersons.otherCounty).total == 0)
                try await figures(client)
            }
        }
    }

    private func figures(_ client: ServiceClient) async throws {
        let figures = try await client.get("/notification/ledger/statistics?channel=inbox", as: TestPersons.station)
            .json(Figures.self)
        let inbox = try #require(figures.channels.first)
        #expect(figures.total == 2 && inbox.total == 2)
        #expect(inbox.states["acknowledged"] == 1 && inbox.states["delivered"] == 1 && inbox.arrivedShare == 1)
        #expect(inbox.medianSecondsToRead == 600)
        #expect(figures.days.count == 30 && figures.days.last?.arrived == 2)
        let page = try await client.page("/notification/ledger/statistics", as: TestPersons.station)
        #expect(page.status == .ok && page.text.contains("<svg") && page.text.contains("站内信"))
        let english = try await client.page("/notification/ledger", as: TestPersons.station, language: "en")
        #expect(english.text.contains("Acknowledged") && english.text.contains("蓬江区实验小学"))
    }

    @Test func everyDeliveryOfAnEventEndsInTheJournal() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                _ = try await client.post("/notification/webhooks", as: TestPersons.education, json: ["url": url])
                try await feed.found(City.problem())
                try await service.dispatcher.deliverDue()
                let delivered = try await client.pool.first(
                    """
                    SELECT count(*) AS n FROM journal WHERE type = 'brightkitchen.notification.notice.delivered.v1'
                    """
                ) { row -> Int in try row["n"] }
                #expect(delivered == 2)
            }
        }
    }

    @Test func whatCannotBeLookedForIsRefusedWithTheField() async throws {
        try await Test.run { _, client in
            for query in [
                "channel=pigeon", "state=lost", "severity=4", "from=x", "to=2026-13-01", "q=%27",
                "from=2026-11-24&to=2026-11-23", "from=2020-01-01&to=2026-01-01",
            ] {
                let answer = try await client.get("/notification/ledger?\(query)", as: TestPersons.station)
                #expect(answer.status == .unprocessableContent, "\(query)")
            }
        }
    }
}
