import Access
import Calendar
import Contracts
import Delivery
import Hummingbird
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

@Suite(.timeLimit(.minutes(3))) struct WebhookTests {
    typealias Test = ServiceTest<NotificationService>

    struct Registered: Decodable {
        let endpointId: String
        let secret: String
        let publicKey: String
    }

    struct Wish: Encodable {
        var url: String
        var description = "教育局业务系统"
        var eventTypes = WebhookEventType.all
    }

    struct Envelope<D: Decodable>: Decodable {
        let id: String
        let type: String
        let source: String
        let data: D
    }

    struct Detail: Decodable {
        struct Endpoint: Decodable {
            let state: String
            let pausedReason: String?
            let eventTypes: [String]
            let queued: Int
            let failed: Int
        }
        struct Deliveries: Decodable { let items: [Delivery] }
        struct Delivery: Decodable {
            struct Attempt: Decodable {
                let status: Int?
                let error: String?
            }
            let deliveryId: String
            let eventType: String
            let state: String
            let nextAttemptAt: Instant
            let log: [Attempt]
        }
        let endpoint: Endpoint
        let deliveries: Deliveries
    }

    func register(
        _ client: ServiceClient, _ person: Principal, _ url: String, types: [String] = WebhookEventType.all
    ) async throws -> Registered {
        let answer = try await client.post(
            "/notification/webhooks", as: person, json: Wish(url: url, eventTypes: types))
        #expect(answer.status == .created)
        return try answer.json(Registered.self)
    }

    func detail(_ client: ServiceClient, _ registered: Registered, _ person: Principal) async throws -> Detail {
        try await client.get("/notification/webhooks/\(registered.endpointId)", as: person).json(Detail.self)
    }

    func verifies(_ message: Receiver.Message, _ secret: String, _ now: Instant) -> Bool {
        guard let secret = WebhookSecret(secret) else { return false }
        do {
            try StandardWebhooks.verify(headers: message.headers, body: message.body, secrets: [secret], now: now)
            return true
        } catch {
            return false
        }
    }

    @Test func bulletinsAndProblemsArriveSignedAtTheOrgansThatMayHaveThem() async throws {
        let education = Receiver()
        let foreign = Receiver()
        try await education.run { url in
            try await foreign.run { foreignURL in
                try await Test.run { service, client in
                    let feed = Feed(service: service, client: client)
                    try await feed.registry()
                    let registered = try await register(client, TestPersons.education, url)
                    _ = try await register(client, TestPersons.hr, foreignURL)
                    _ = try await register(client, TestPersons.otherCounty, foreignURL)
                    let found = try await feed.found(City.problem())
                    try await service.dispatcher.deliverDue()
                    #expect(foreign.messages.isEmpty)
                    let messages = education.messages
                    #expect(messages.count == 2)
                    let secret = try #require(WebhookSecret(registered.secret))
                    let key = try #require(WebhookPublicKey(registered.publicKey))
                    for message in messages {
                        try StandardWebhooks.verify(
                            headers: message.headers, body: message.body, secrets: [secret], now: client.clock.now())
                        try StandardWebhooks.verify(
                            headers: message.headers, body: message.body, secrets: [], publicKeys: [key],
                            now: client.clock.now())
                        #expect(message.body.count < 20_000)
                        #expect(
                            message.headers.contains {
                                $0.name == "content-type" && $0.value.hasPrefix("application/cloudevents+json")
                            })
                    }
                    let bodies = messages.map { String(decoding: $0.body, as: UTF8.self) }
                    let problem = try #require(
                        messages.first { String(decoding: $0.body, as: UTF8.self).contains(ProblemFound.type) })
                    let envelope = try EventJSON.decode(Envelope<ProblemFound>.self, from: problem.body)
                    #expect(envelope.id == found.rawValue && envelope.source == "urn:brightkitchen:patrol-ledger")
                    #expect(envelope.data.problemId == ProblemID("problem-1"))
                    #expect(bodies.contains { $0.contains("440703-TB-2026-000001") })
                    // Nothing is sent a second time.
                    try await service.dispatcher.deliverDue()
                    #expect(education.messages.count == 2)
                }
            }
        }
    }

    @Test func onlyTheChosenEventTypesAreSent() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                _ = try await register(client, TestPersons.county, url, types: [ProblemClosed.type])
                try await feed.found(City.problem())
                try await feed.closed(City.closed(City.problem(), after: .seconds(5)))
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 1)
            }
        }
    }

    @Test func aFailureIsRetriedOnScheduleWithTheSameIdAndRecorded() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                let registered = try await register(client, TestPersons.county, url, types: [ProblemFound.type])
                receiver.answer(.internalServerError, .serviceUnavailable, retryAfter: "1800")
                try await feed.found(City.problem())
                try await service.dispatcher.deliverDue()
                // Retry-After of half an hour outweighs the 5 s of the schedule.
                client.clock.advance(by: .seconds(600))
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 1)
                client.clock.advance(by: .seconds(1300))
                try await service.dispatcher.deliverDue()
                client.clock.advance(by: .seconds(1900))
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 3)
                #expect(Set(receiver.messages.map(\.id)).count == 1)
                let delivery = try #require(
                    try await detail(client, registered, TestPersons.county).deliveries.items.first)
                #expect(delivery.state == "delivered")
                #expect(delivery.log.map(\.status) == [500, 503, 204])
            }
        }
    }

    @Test func aGoneReceiverPausesTheEndpointLoudlyAndNothingIsLost() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                let registered = try await register(client, TestPersons.education, url, types: [ProblemFound.type])
                receiver.answer(.gone)
                let start = client.clock.now()
                try await feed.found(City.problem())
                try await service.dispatcher.deliverDue()
                let paused = try await feed.published(EndpointPaused.self)
                #expect(paused.map(\.reason) == ["gone"])
                let inbox = try await client.page("/notification/inbox", as: TestPersons.education)
                #expect(inbox.text.contains("接收端已暂停"))
                // What happens during the pause is kept.
                try await feed.found(City.problem(ProblemID("problem-2")))
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 1)
                let during = try await detail(client, registered, TestPersons.education).endpoint
                #expect(during.state == "paused" && during.pausedReason == "gone")
                #expect(during.queued == 1 && during.failed == 1)
                // After repair: resumed, both arrive.
                let path = "/notification/webhooks/\(registered.endpointId)/resume"
                let answer = try await client.post(path, as: TestPersons.education, json: ["since": start])
                #expect(answer.status == .accepted)
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 3)
                let after = try await detail(client, registered, TestPersons.education)
                #expect(after.endpoint.state == "active" && after.endpoint.queued == 0 && after.endpoint.failed == 0)
                #expect(after.deliveries.items.allSatisfy { $0.state == "delivered" })
            }
        }
    }

    @Test func aReceiverThatFailsForTheWholeScheduleIsPausedNotDropped() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                let registered = try await register(client, TestPersons.county, url, types: [ProblemFound.type])
                receiver.answer(
                    .badGateway, .badGateway, .badGateway, .badGateway, .badGateway, .badGateway, .badGateway,
                    .badGateway)
                try await feed.found(City.problem())
                for _ in 0..<8 {
                    try await service.dispatcher.deliverDue()
                    client.clock.advance(by: .seconds(13 * 3600))
                }
                #expect(receiver.messages.count == 8)
                let endpoint = try await detail(client, registered, TestPersons.county).endpoint
                #expect(endpoint.state == "paused" && endpoint.pausedReason == "failing" && endpoint.failed == 1)
                #expect(try await feed.published(EndpointPaused.self).count == 1)
            }
        }
    }

    @Test func anEventBeforeTheCanteenIsKnownIsSentWhenTheRegistryTells() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry(City.organs, [])
                _ = try await register(client, TestPersons.education, url, types: [ProblemFound.type])
                try await feed.found(City.problem())
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.isEmpty)
                try await feed.canteen(City.canteen())
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 1)
            }
        }
    }

    @Test func rotationSignsWithBothSecretsAndATestEventGoesOut() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                let registered = try await register(client, TestPersons.education, url)
                let path = "/notification/webhooks/\(registered.endpointId)"
                struct Rotated: Decodable { let secret: String }
                let rotated = try await client.post(
                    "\(path)/rotate", as: TestPersons.education, json: [String: String]()
                )
                .json(Rotated.self)
                #expect(rotated.secret != registered.secret)
                for _ in 0..<2 {
                    let answer = try await client.submit("\(path)/test", as: TestPersons.education, [])
                    #expect(answer.status == .seeOther)
                    try await service.dispatcher.deliverDue()
                    client.clock.advance(by: .seconds(25 * 3600))
                }
                let start = Test.monday
                #expect(receiver.messages.count == 2)
                #expect(verifies(receiver.messages[0], registered.secret, start))
                #expect(verifies(receiver.messages[0], rotated.secret, start))
                #expect(verifies(receiver.messages[1], rotated.secret, start + .seconds(25 * 3600)))
                #expect(!verifies(receiver.messages[1], registered.secret, start + .seconds(25 * 3600)))
                // No secret rests in the journal or unsealed in a table.
                let leaked = try await client.pool.first(
                    """
                    SELECT count(*) AS n FROM journal WHERE position(\(Array(registered.secret.utf8)) IN data) > 0
                    """
                ) { row -> Int in try row["n"] }
                let unsealed = try await client.pool.first(
                    """
                    SELECT count(*) AS n FROM endpoint_secret WHERE position(\(Array(registered.secret.utf8)) IN sealed) > 0
                    """
                ) { row -> Int in try row["n"] }
                #expect(leaked == 0 && unsealed == 0)
            }
        }
    }

    @Test func aFailedTestIsTriedOnceAndPausesNothing() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                try await Feed(service: service, client: client).registry()
                let registered = try await register(client, TestPersons.education, url, types: [])
                receiver.answer(.gone)
                _ = try await client.submit(
                    "/notification/webhooks/\(registered.endpointId)/test", as: TestPersons.education, [])
                try await service.dispatcher.deliverDue()
                client.clock.advance(by: .seconds(86_400))
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 1)
                let endpoint = try await detail(client, registered, TestPersons.education)
                #expect(endpoint.endpoint.state == "active" && endpoint.endpoint.failed == 0)
                // No type named means all of them.
                #expect(endpoint.endpoint.eventTypes == WebhookEventType.all)
                #expect(endpoint.deliveries.items.map(\.state) == ["failed"])
            }
        }
    }

    @Test func oneDeadEndpointDoesNotHoldUpTheOthers() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                // Nobody listens on port 1.
                _ = try await register(client, TestPersons.county, "http://127.0.0.1:1/", types: [ProblemFound.type])
                _ = try await register(client, TestPersons.education, url, types: [ProblemFound.type])
                for number in 0..<20 { try await feed.found(City.problem(ProblemID("problem-\(number)"))) }
                for _ in 0..<3 { try await service.dispatcher.deliverDue() }
                #expect(receiver.messages.count == 20)
            }
        }
    }

    @Test func aReceiverThatTakesItsTimeDoesNotHoldUpTheOthers() async throws {
        let slow = Receiver()
        let quick = Receiver()
        slow.holdAnswers()
        try await slow.run { slowURL in
            try await quick.run { url in
                try await Test.run { service, client in
                    let feed = Feed(service: service, client: client)
                    try await feed.registry()
                    _ = try await register(client, TestPersons.county, slowURL, types: [ProblemFound.type])
                    _ = try await register(client, TestPersons.education, url, types: [ProblemClosed.type])
                    let running = Task { try await service.dispatcher.run() }
                    try await feed.found(City.problem())
                    #expect(await slow.arrived.wait(atMost: .seconds(20)))
                    // The slow one is still under way.
                    try await feed.closed(City.closed(City.problem(), after: .seconds(5)))
                    #expect(await quick.arrived.wait(atMost: .seconds(20)))
                    slow.gate.send()
                    running.cancel()
                    try await running.value
                    let delivered = try await client.pool.first(
                        "SELECT count(*) AS n FROM delivery WHERE state = 'delivered'"
                    ) { row -> Int in try row["n"] }
                    // Stopping finishes what is under way.
                    #expect(delivered == 2)
                }
            }
        }
    }

    @Test func urlsThatMustNotBeCalledAreRefusedWithTheField() async throws {
        try await Test.run(environment: ["WEBHOOK_ALLOWED_SUBNETS": "127.0.0.0/8"]) { service, client in
            try await Feed(service: service, client: client).registry()
            for url in [
                "ftp://example.com/", "http://user:pass@example.com/", "http://169.254.169.254/latest",
                "http://10.0.0.1/",
                "http://[::1]/", "nonsense", "http://192.168.1.1:8080/hook",
            ] {
                let answer = try await client.post(
                    "/notification/webhooks", as: TestPersons.county, json: Wish(url: url))
                #expect(answer.status == .unprocessableContent, "\(url)")
            }
            let wrongType = try await client.post(
                "/notification/webhooks", as: TestPersons.county,
                json: Wish(url: "http://127.0.0.1:9/", eventTypes: ["brightkitchen.x.v1"]))
            #expect(wrongType.problemCode == "not_allowed")
            let page = try await client.submit(
                "/notification/webhooks", as: TestPersons.county,
                [("url", "http://10.0.0.1/"), ("event_types", ProblemFound.type)])
            #expect(page.status == .unprocessableContent && page.text.contains("不能使用内网或本机地址"))
            #expect(page.text.contains("http://10.0.0.1/"))
        }
    }

    @Test func endpointsOfAnotherOrganDoNotExist() async throws {
        try await Test.run { service, client in
            try await Feed(service: service, client: client).registry()
            let registered = try await register(client, TestPersons.education, "http://127.0.0.1:9/")
            let path = "/notification/webhooks/\(registered.endpointId)"
            for person in [TestPersons.county, TestPersons.hr, TestPersons.city] {
                #expect(try await client.get(path, as: person).status == .notFound)
                for act in ["test", "pause", "resume", "rotate"] {
                    #expect(
                        try await client.post("\(path)/\(act)", as: person, json: [String: String]()).status
                            == .notFound)
                }
            }
            // The auditor reads, but does not act; a secret is on no page.
            let page = try await client.page(path, as: TestPersons.auditor)
            #expect(page.status == .ok && !page.text.contains("whsec_") && !page.text.contains("\(path)/test"))
            #expect(
                try await client.post("\(path)/test", as: TestPersons.auditor, json: [String: String]()).status
                    == .forbidden)
        }
    }
}
