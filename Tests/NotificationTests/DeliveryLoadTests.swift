import Concurrency
import Contracts
import Foundation
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// Many deliveries to many endpoints while one in a hundred answers nothing: the others get everything meanwhile.
///
///     DELIVERY_LOAD=100000 swift test --filter DeliveryLoadTests        # deliveries; 2,000 unless named
@Suite(.timeLimit(.minutes(30))) struct DeliveryLoadTests {
    typealias Test = ServiceTest<NotificationService>

    private static let endpoints = 100
    private static var deliveries: Int {
        ProcessInfo.processInfo.environment["DELIVERY_LOAD"].flatMap { Int($0) } ?? 2_000
    }

    private struct Wish: Encodable {
        let url: String
        let eventTypes = [ProblemFound.type]
    }

    private func prepare(_ client: ServiceClient, dead: String, alive: String) async throws {
        for number in 0..<Self.endpoints {
            let answer = try await client.post(
                "/notification/webhooks", as: TestPersons.county, json: Wish(url: number == 0 ? dead : alive))
            #expect(answer.status == .created, "\(answer.text)")
        }
        let now = client.clock.now()
        let events = Self.deliveries / Self.endpoints
        let body = Array("{\"specversion\":\"1.0\",\"data\":\"\(String(repeating: "x", count: 700))\"}".utf8)
        try await client.pool.execute(
            """
            INSERT INTO outgoing_event (event_id, type, canteen_id, organ_ids, is_addressed, occurred_at, body)
            SELECT 'event-' || n, \(ProblemFound.type), 'canteen-' || n % 50, ARRAY['organ-440703'], false, \(now), \(body)
            FROM generate_series(1, \(events)) AS n
            """)
        try await client.pool.execute(
            """
            INSERT INTO delivery (delivery_id, endpoint_id, event_id, event_type, canteen_id, position, state,
                                  next_attempt_at, created_at)
            SELECT 'msg_' || gen_random_uuid(), e.endpoint_id, o.event_id, o.type, o.canteen_id, o.position, 'queued',
                   \(now), \(now)
            FROM endpoint e CROSS JOIN outgoing_event o
            """)
        try await client.pool.execute("ANALYZE delivery")
    }

    @Test func oneDeadEndpointInAHundredHoldsUpNobody() async throws {
        let dead = Receiver()
        let alive = Receiver()
        dead.holdAnswers()
        let expected = Self.deliveries / Self.endpoints * (Self.endpoints - 1)
        try await dead.run { deadURL in
            try await alive.run { aliveURL in
                try await Test.run { service, client in
                    try await Feed(service: service, client: client).registry()
                    try await prepare(client, dead: deadURL, alive: aliveURL)
                    let begun = ContinuousClock.now
                    let running = Task { try await service.dispatcher.run() }
                    #expect(await dead.arrived.wait(atMost: .seconds(60)))
                    var seen = -1
                    // Ends when all have come, or when a minute brought nothing.
                    while alive.count < expected, alive.count > seen {
                        seen = alive.count
                        for _ in 0..<100 where alive.count < expected { await alive.arrived.wait(atMost: .seconds(1)) }
                    }
                    let took = ContinuousClock.now - begun
                    // Everything has come while the dead one still holds what it was sent, and no more than its share.
                    #expect(alive.count == expected)
                    #expect((1...DeliveryQueue.maximumUnderWayPerEndpoint).contains(dead.count))
                    running.cancel()
                    dead.gate.send()
                    try await running.value
                    #expect(Set(alive.messages.map(\.id)).count == expected)
                    let delivered = try await client.pool.first(
                        "SELECT count(*) AS n FROM delivery WHERE state = 'delivered'"
                    ) { row -> Int in try row["n"] }
                    #expect((delivered ?? 0) >= expected)
                    print("\(expected) delivered in \(took) beside an endpoint that answers nothing")
                }
            }
        }
    }
}
