import Access
import Calendar
import Contracts
import Delivery
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// Order, throttle, patience, search and replay.
@Suite(.timeLimit(.minutes(3))) struct WebhookQueueTests {
    typealias Test = ServiceTest<NotificationService>

    struct Registered: Decodable {
        let endpointId: String
        let publicKey: String
        var path: String { "/notification/webhooks/\(endpointId)" }
    }
    struct Wish: Encodable {
        var url: String
        var eventTypes = [ProblemFound.type]
        var throttlePerMinute: Int?
        var isOrdered: Bool?
    }
    struct Detail: Decodable {
        struct Endpoint: Decodable {
            let url: String
            let state: String
            let isOrdered: Bool
            let throttlePerMinute: Int?
            let notBefore: Instant?
        }
        struct Deliveries: Decodable {
            struct Delivery: Decodable {
                let deliveryId: String
                let canteenId: String?
                let state: String
            }
            let total: Int
            let items: [Delivery]
        }
        let endpoint: Endpoint
        let deliveries: Deliveries
    }

    func register(_ client: ServiceClient, _ wish: Wish) async throws -> Registered {
        let answer = try await client.post("/notification/webhooks", as: TestPersons.county, json: wish)
        #expect(answer.status == .created)
        return try answer.json(Registered.self)
    }

    func subjects(_ receiver: Receiver) -> [String] {
        receiver.messages.map { message in
            let text = String(decoding: message.body, as: UTF8.self)
            return text.firstMatch(of: /"problem_id":"([^"]+)"/).map { String($0.1) } ?? "?"
        }
    }

    @Test func anOrderedEndpointGetsTheEventsOfACanteenOneAfterTheOtherAndOthersGoOn() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                let other = CanteenID("canteen-2")
                try await feed.registry(City.organs, [City.canteen(), City.canteen(other)])
                _ = try await register(client, Wish(url: url, isOrdered: true))
                receiver.answer(.internalServerError)
                for name in ["a-1", "a-2", "a-3"] { try await feed.found(City.problem(ProblemID(name))) }
                // The first attempt of canteen-1 fails; its later events wait, the other canteen's do not.
                try await service.dispatcher.deliverDue()
                try await feed.found(City.problem(ProblemID("b-1"), canteen: other))
                try await service.dispatcher.deliverDue()
                #expect(subjects(receiver) == ["a-1", "b-1"])
                client.clock.advance(by: .seconds(10))
                for _ in 0..<3 { try await service.dispatcher.deliverDue() }
                #expect(subjects(receiver) == ["a-1", "b-1", "a-1", "a-2", "a-3"])
            }
        }
    }

    @Test func aThrottledEndpointIsSpreadEvenlyAndLosesNothing() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                _ = try await register(client, Wish(url: url, throttlePerMinute: 6))
                for number in 0..<3 { try await feed.found(City.problem(ProblemID("problem-\(number)"))) }
                for _ in 0..<3 { try await service.dispatcher.deliverDue() }
                #expect(receiver.messages.count == 1)
                for expected in [2, 3] {
                    client.clock.advance(by: .seconds(9))
                    try await service.dispatcher.deliverDue()
                    #expect(receiver.messages.count == expected - 1)
                    client.clock.advance(by: .seconds(1))
                    try await service.dispatcher.deliverDue()
                    #expect(receiver.messages.count == expected)
                }
            }
        }
    }

    @Test func anOverloadedReceiverIsLeftAloneAsAWhole() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                let registered = try await register(client, Wish(url: url))
                receiver.answer(.tooManyRequests, retryAfter: "120")
                try await feed.found(City.problem())
                try await service.dispatcher.deliverDue()
                try await feed.found(City.problem(ProblemID("problem-2")))
                client.clock.advance(by: .seconds(119))
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 1)
                let detail = try await client.get(registered.path, as: TestPersons.county).json(Detail.self)
                #expect(detail.endpoint.notBefore == Test.monday + .seconds(120))
                client.clock.advance(by: .seconds(60))
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 3)
            }
        }
    }

    @Test func messagesAreFoundByIdCanteenResultAndDay() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                let other = CanteenID("canteen-2")
                try await feed.registry(City.organs, [City.canteen(), City.canteen(other)])
                let registered = try await register(client, Wish(url: url))
                receiver.answer(.internalServerError)
                try await feed.found(City.problem())
                try await service.dispatcher.deliverDue()
                let event = try await feed.found(City.problem(ProblemID("b-1"), canteen: other))
                try await service.dispatcher.deliverDue()
                func found(_ query: String) async throws -> Int {
                    try await client.get("\(registered.path)?\(query)", as: TestPersons.county).json(Detail.self)
                        .deliveries.total
                }
                #expect(try await found("result=500") == 1)
                #expect(try await found("result=timed_out") == 0)
                #expect(try await found("q=canteen-2") == 1)
                #expect(try await found("q=\(event)") == 1)
                #expect(try await found("state=delivered&type=\(ProblemFound.type)&from=2026-11-23&to=2026-11-23") == 1)
                #expect(try await found("from=2026-11-24") == 0)
                for wrong in ["state=lost", "q=%27%3B--", "result=5000", "from=yesterday", "type=x"] {
                    let answer = try await client.get("\(registered.path)?\(wrong)", as: TestPersons.county)
                    #expect(answer.status == .unprocessableContent, "\(wrong)")
                }
                let page = try await client.page("\(registered.path)?q=canteen-2", as: TestPersons.county)
                #expect(page.status == .ok && page.text.contains("canteen-2") && !page.text.contains("canteen-1"))
            }
        }
    }

    @Test func aReplayOfASpanSendsTheSameMessagesAgainAndAPausedEndpointGetsThemWhenItResumes() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                let registered = try await register(client, Wish(url: url))
                let start = client.clock.now()
                try await feed.found(City.problem())
                try await service.dispatcher.deliverDue()
                client.clock.advance(by: .seconds(3600))
                let middle = client.clock.now()
                try await feed.found(City.problem(ProblemID("problem-2"), found: middle))
                try await service.dispatcher.deliverDue()
                let first = receiver.messages.map(\.id)
                struct Span: Encodable {
                    let since: Instant
                    let until: Instant
                    var replay: String?
                }
                func replay(_ span: Span) async throws -> TestResponse {
                    try await client.post("\(registered.path)/replay", as: TestPersons.county, json: span)
                }
                // Nothing is missing; everything before the second event is the first event.
                #expect(
                    try await replay(Span(since: start, until: middle)).json([String: String].self)["queued"] == "0")
                let until = middle - .seconds(1)
                let again = try await replay(Span(since: start, until: until, replay: "all"))
                #expect(try again.json([String: String].self)["queued"] == "1")
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.map(\.id) == first + [first[0]])
                #expect(
                    try await replay(Span(since: start, until: middle, replay: "some")).status
                        == .unprocessableContent)
                #expect(try await replay(Span(since: middle, until: start)).problemCode == "before_start")
                // A paused endpoint: tests reach it, events wait until it is resumed.
                _ = try await client.post("\(registered.path)/pause", as: TestPersons.county, json: [String: String]())
                _ = try await replay(Span(since: start, until: client.clock.now(), replay: "all"))
                _ = try await client.post("\(registered.path)/test", as: TestPersons.county, json: [String: String]())
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 4)
                let resumed = try await client.post(
                    "\(registered.path)/resume", as: TestPersons.county, json: ["since": start])
                #expect(resumed.status == .accepted)
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 6)
                let recovered = try await feed.published(EndpointRecovered.self)
                #expect(recovered.map(\.messages) == [2])
            }
        }
    }

    @Test func anEndpointIsChangedWithoutLosingWhatWaitsAndTheOperatorSeesThatItWasFailing() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                // Nobody listens on port 1.
                let registered = try await register(client, Wish(url: "http://127.0.0.1:1/?token=abc"))
                try await feed.found(City.problem())
                try await service.dispatcher.deliverDue()
                let operators = try await client.page(
                    "/notification/operations/endpoints", as: TestPersons.systemAdmin)
                #expect(operators.status == .ok && operators.text.contains("127.0.0.1"))
                #expect(operators.text.contains("蓬江区市场监督管理局") && !operators.text.contains("token=abc"))
                let wrong = try await client.submit(
                    registered.path, as: TestPersons.county,
                    [("url", url), ("event_types", ProblemFound.type), ("throttle_per_minute", "many")])
                #expect(wrong.status == .unprocessableContent && wrong.text.contains("60000"))
                let changed = try await client.submit(
                    registered.path, as: TestPersons.county,
                    [
                        ("url", url), ("event_types", ProblemFound.type), ("throttle_per_minute", "60"),
                        ("is_ordered", "true"),
                    ])
                #expect(changed.status == .seeOther)
                client.clock.advance(by: .seconds(10))
                try await service.dispatcher.deliverDue()
                #expect(receiver.messages.count == 1)
                let detail = try await client.get(registered.path, as: TestPersons.county).json(Detail.self)
                #expect(detail.endpoint.isOrdered && detail.endpoint.throttlePerMinute == 60)
                let foreign = try await client.post(
                    registered.path, as: TestPersons.education, json: Wish(url: "http://127.0.0.1:9/"))
                #expect(foreign.status == .notFound)
            }
        }
    }

    @Test func aRotatedKeyPairSignsBesideTheFormerOneForADay() async throws {
        let receiver = Receiver()
        try await receiver.run { url in
            try await Test.run { service, client in
                let feed = Feed(service: service, client: client)
                try await feed.registry()
                let registered = try await register(client, Wish(url: url))
                struct Rotated: Decodable { let publicKey: String }
                let rotated = try await client.post(
                    "\(registered.path)/rotate", as: TestPersons.county, json: ["kind": "v1a"]
                ).json(Rotated.self)
                #expect(rotated.publicKey != registered.publicKey)
                for day in 0..<2 {
                    try await feed.found(City.problem(ProblemID("problem-\(day)")))
                    try await service.dispatcher.deliverDue()
                    client.clock.advance(by: .seconds(25 * 3600))
                }
                func verifies(_ index: Int, _ text: String) -> Bool {
                    guard let key = WebhookPublicKey(text) else { return false }
                    let message = receiver.messages[index]
                    do {
                        try StandardWebhooks.verify(
                            headers: message.headers, body: message.body, secrets: [], publicKeys: [key],
                            now: Test.monday + .seconds(index * 25 * 3600))
                        return true
                    } catch {
                        return false
                    }
                }
                #expect(verifies(0, registered.publicKey))
                #expect(verifies(0, rotated.publicKey))
                #expect(verifies(1, rotated.publicKey))
                #expect(!verifies(1, registered.publicKey))
                for kind in ["v2", "v1a", "v1a", "v1a", "v1a"] {
                    _ = try await client.post("\(registered.path)/rotate", as: TestPersons.county, json: ["kind": kind])
                }
                let tooMany = try await client.post(
                    "\(registered.path)/rotate", as: TestPersons.county, json: ["kind": "v1a"])
                #expect(tooMany.problemCode == "too_many_secrets")
            }
        }
    }
}
