import HTTPTypes
import TestSupport
import Testing

@testable import ServiceKit

struct RateLimitTests {
    private static let small = [
        "RATE_PER_ACCOUNT": "1", "RATE_PER_ACCOUNT_BURST": "3", "RATE_PER_ADDRESS": "1", "RATE_PER_ADDRESS_BURST": "6",
    ]

    private func address(_ text: String) -> HTTPFields { [.named("X-Forwarded-For"): text] }

    @Test func theBurstThenTheRate() {
        let limiter = RequestLimiter(RequestRate(perSecond: 2, burst: 3))
        let start = ContinuousClock.now
        for left in [2, 1, 0] {
            let verdict = limiter.take("a", now: start)
            #expect(verdict.isAllowed && verdict.remaining == left)
        }
        let refused = limiter.take("a", now: start)
        #expect(!refused.isAllowed && refused.wait == .milliseconds(500))
        #expect(limiter.take("b", now: start).isAllowed, "others are not held up")
        #expect(!limiter.take("a", now: start + .milliseconds(499)).isAllowed, "asking again does not cost more")
        #expect(limiter.take("a", now: start + .milliseconds(500)).isAllowed)
        #expect(!limiter.take("a", now: start + .milliseconds(500)).isAllowed)
        let rested = limiter.take("a", now: start + .seconds(3_600))
        #expect(rested.isAllowed && rested.remaining == 2, "no more than the burst is saved up")
    }

    @Test func tooManyOfOneAccountAreToldWhenToComeBack() async throws {
        try await ServiceTest<SampleService>.run(environment: Self.small) { _, client in
            for index in 0..<3 {
                let answer = try await client.get(
                    "/sample/mine", as: TestPersons.city, headers: address("192.0.2.\(index)"))
                #expect(answer.status == .ok)
                #expect(answer.headers[.named("RateLimit")]?.contains("\"account\";r=\(2 - index)") == true)
                #expect(answer.headers[.named("RateLimit-Policy")]?.contains("\"account\";q=3;w=3") == true)
            }
            let refused = try await client.get("/sample/mine", as: TestPersons.city, headers: address("192.0.2.9"))
            #expect(refused.status == .tooManyRequests && refused.problemCode == "too_many_requests")
            #expect(Int(refused.headers[.named("Retry-After")] ?? "") == 1)
            #expect(refused.headers[.named("RateLimit")]?.contains("r=0") == true)
            let other = try await client.get("/sample/mine", as: TestPersons.county, headers: address("192.0.2.9"))
            #expect(other.status == .ok, "another account from the same place")
        }
    }

    @Test func tooManyOfOneAddressAreRefusedWhoeverTheyAre() async throws {
        try await ServiceTest<SampleService>.run(environment: Self.small) { _, client in
            var statuses: [Int] = []
            for from in Array(repeating: "192.0.2.1", count: 7) + ["1.1.1.1, 192.0.2.1", "192.0.2.2"] {
                statuses.append(try await client.get("/sample/", headers: address(from)).status.code)
            }
            #expect(statuses == [200, 200, 200, 200, 200, 200, 429, 429, 200])
            let inside = try await client.get("/health/live")
            #expect(inside.status == .ok, "inside, nothing is limited")
        }
    }

    /// A decision for each video segment carries the viewer's address; hundreds may watch from one.
    @Test func whatTheGatewayAsksItselfIsNotLimited() async throws {
        try await ServiceTest<SampleService>.run(environment: Self.small) { _, client in
            for _ in 0..<20 {
                let answer = try await client.get("/internal/nothing", headers: address("192.0.2.1"))
                #expect(answer.status == .notFound)
            }
            let outside = try await client.get("/sample/", headers: address("192.0.2.1"))
            #expect(outside.status == .ok, "nothing was taken from the address' share")
        }
    }
}
