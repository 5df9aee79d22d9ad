import Access
import Calendar
import Concurrency
import Contracts
import Delivery
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import NotificationService

/// Receivers that are slow, broken or malicious: the message is kept, sent again with the same id, and nobody else waits.
@Suite(.timeLimit(.minutes(3))) struct HostileReceiverTests {
    typealias Test = ServiceTest<NotificationService>
    static let environment = ["WEBHOOK_DEADLINE_SECONDS": "1"]

    struct Registered: Decodable { let endpointId: String }
    struct Detail: Decodable {
        struct Deliveries: Decodable { let items: [Delivery] }
        struct Delivery: Decodable {
            struct Attempt: Decodable {
                let status: Int?
                let error: String?
            }
            let state: String
            let log: [Attempt]
        }
        let deliveries: Deliveries
    }

    /// What the first attempt at a receiver ends in; the second one finds it repaired.
    struct Misdeed: Sendable, CustomTestStringConvertible {
        let name: String
        let error: String?
        let status: Int?
        let act: @Sendable (ScriptedServer.Connection) -> Void
        var testDescription: String { name }
    }

    static let misdeeds = [
        Misdeed(name: "slow loris", error: "timed_out", status: nil) { connection in
            connection.write("HTTP/1.1 200 OK\r\nx-drip: ")
            connection.waitForPeer()
        },
        Misdeed(name: "huge body", error: "response_too_large", status: nil) { connection in
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            for _ in 0..<200 { connection.write(String(repeating: "x", count: 1000)) }
        },
        Misdeed(name: "headers without end", error: "response_too_large", status: nil) { connection in
            connection.write("HTTP/1.1 200 OK\r\n")
            for _ in 0..<200 { connection.write("x: " + String(repeating: "x", count: 1000) + "\r\n") }
        },
        Misdeed(name: "redirect to the metadata address", error: nil, status: 307) { connection in
            connection.respond("307 Temporary Redirect", headers: ["location: http://169.254.169.254/latest/meta-data"])
        },
        Misdeed(name: "reset", error: "connection_lost", status: nil) { $0.reset() },
        Misdeed(name: "not HTTP", error: "protocol_violation", status: nil) { $0.write("220 mail ESMTP\r\n") },
    ]

    @Test(arguments: misdeeds) func whatAReceiverDoesWrongIsRecordedAndTheMessageComesAgainWithItsId(
        _ misdeed: Misdeed
    ) async throws {
        let calls = Atomic<Int>(0)
        let server = try ScriptedServer { _, connection in
            if calls.add(1, ordering: .relaxed).newValue == 1 {
                misdeed.act(connection)
            } else {
                connection.respond("204 No Content")
            }
            return .close
        }
        defer { server.stop() }
        try await Test.run(environment: Self.environment) { service, client in
            let registered = try await register(client, server.url, service)
            try await Feed(service: service, client: client).found(City.problem())
            try await service.dispatcher.deliverDue()
            client.clock.advance(by: .seconds(60))
            try await service.dispatcher.deliverDue()
            #expect(server.requests.count == 2)
            #expect(Set(server.requests.map(Self.id)).count == 1)
            let detail = try await client.get(
                "/notification/webhooks/\(registered.endpointId)", as: TestPersons.county
            ).json(Detail.self)
            let delivery = try #require(detail.deliveries.items.first)
            #expect(delivery.state == "delivered")
            #expect(delivery.log.map(\.error) == [misdeed.error, nil])
            #expect(delivery.log.map(\.status) == [misdeed.status, 204])
        }
    }

    /// The receiver acted, but said so too late: it gets the message again and knows it by its id.
    @Test func anAnswerAfterTheDeadlineMeansAtLeastOnceWithTheSameId() async throws {
        let server = try ScriptedServer { _, connection in
            connection.waitForPeer()
            connection.respond("200 OK")
            return .close
        }
        defer { server.stop() }
        try await Test.run(environment: Self.environment) { service, client in
            _ = try await register(client, server.url, service)
            try await Feed(service: service, client: client).found(City.problem())
            for _ in 0..<2 {
                try await service.dispatcher.deliverDue()
                client.clock.advance(by: .seconds(60))
            }
            #expect(server.requests.count == 2)
            #expect(Set(server.requests.map(Self.id)).count == 1)
            #expect(server.requests[0].hasSuffix(try #require(server.requests[1].split(separator: "\r\n").last)))
        }
    }

    /// A name whose answer changed since it was registered: the connection is what is checked.
    @Test func aNameThatNowLeadsInsideIsNotConnectedTo() async throws {
        let server = try ScriptedServer { _, connection in
            connection.respond("204 No Content")
            return .close
        }
        defer { server.stop() }
        try await Test.run(environment: ["WEBHOOK_ALLOWED_SUBNETS": "203.0.113.0/24"]) { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            // At registration the address is refused by name as well as by number.
            for host in ["localhost", "127.0.0.1", "no-such-host.invalid"] {
                let answer = try await client.post(
                    "/notification/webhooks", as: TestPersons.county, json: ["url": "http://\(host):\(server.port)/"])
                #expect(answer.status == .unprocessableContent, "\(host)")
            }
            let registered = try await client.post(
                "/notification/webhooks", as: TestPersons.county, json: ["url": "http://203.0.113.7/"]
            ).json(Registered.self)
            // What DNS rebinding does: the name now answers with an address of this machine.
            try await client.pool.execute(
                "UPDATE endpoint SET url = \("http://localhost:\(server.port)/") WHERE endpoint_id = \(registered.endpointId)"
            )
            try await feed.found(City.problem())
            try await service.dispatcher.deliverDue()
            #expect(server.connections == 0)
            let detail = try await client.get(
                "/notification/webhooks/\(registered.endpointId)", as: TestPersons.county
            ).json(Detail.self)
            #expect(detail.deliveries.items.flatMap { $0.log.map(\.error) }.contains("address_forbidden"))
        }
    }

    private func register(
        _ client: ServiceClient, _ url: String, _ service: NotificationService
    ) async throws -> Registered {
        try await Feed(service: service, client: client).registry()
        struct Wish: Encodable {
            let url: String
            let eventTypes = [ProblemFound.type]
        }
        return try await client.post("/notification/webhooks", as: TestPersons.county, json: Wish(url: url))
            .json(Registered.self)
    }

    private static func id(_ request: String) -> String? {
        request.firstMatch(of: /webhook-id: (\S+)/).map { String($0.1) }
    }
}
