import Calendar
import Contracts
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService

struct PublicAPITests {
    private struct Slice: Decodable {
        struct Entry: Decodable {
            struct Licence: Decodable { let state: String }
            let canteenId: String
            let licence: Licence
            let missing: [String]
        }
        let items: [Entry]
        let total: Int
        let nextCursor: String?
    }

    @Test func aCursorWalksThroughAllCanteensOnceInOrder() async throws {
        try await DisclosureTest.run { service, client in
            for n in 1...7 {
                try await Story.tell(
                    Story.registered(CanteenID("canteen-\(n)"), school: n % 2 == 0 ? "同名学校" : "学校\(n)"), to: service,
                    client)
            }
            var seen: [String] = []
            var path = "/disclosure/v1/canteens?limit=3"
            while true {
                let slice = try await client.get(path).json(Slice.self)
                #expect(slice.total == 7)
                seen += slice.items.map(\.canteenId)
                guard let cursor = slice.nextCursor else { break }
                path = "/disclosure/v1/canteens?limit=3&cursor=\(cursor)"
            }
            #expect(seen.count == 7 && Set(seen).count == 7)
        }
    }

    @Test func aBadCursorOrLimitIsRefusedWithItsField() async throws {
        try await DisclosureTest.run { _, client in
            for query in ["cursor=abc", "cursor=%25%25", "cursor=e30", "limit=0", "limit=201", "limit=x"] {
                let answer = try await client.get("/disclosure/v1/canteens?\(query)")
                let isCursor = query.hasPrefix("cursor")
                #expect(answer.status == (isCursor ? .badRequest : .unprocessableContent), "\(query)")
            }
        }
    }

    @Test func anUnchangedCanteenIsNotSentTwice() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            let path = "/disclosure/v1/canteens/canteen-1"
            let tag = try #require(try await client.get(path).headers[.eTag])
            let again = try await client.get(path, headers: [.ifNoneMatch: "\"other\", \(tag)"])
            #expect(again.status == .notModified && again.body.readableBytes == 0)
            // Anything new on the record is a new version.
            try await Story.tell(Story.camera("c1", zone: .z3, .active), to: service, client)
            #expect(try await client.get(path, headers: [.ifNoneMatch: tag]).status == .ok)
            // And so is a new day: the state of the licence depends on it.
            let next = try #require(try await client.get(path).headers[.eTag])
            client.clock.advance(by: .seconds(86_400))
            #expect(try await client.get(path, headers: [.ifNoneMatch: next]).status == .ok)
        }
    }

    @Test func theListIsConditionalToo() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(), to: service, client)
            let tag = try #require(try await client.get("/disclosure/v1/canteens").headers[.eTag])
            let again = try await client.get("/disclosure/v1/canteens", headers: [.ifNoneMatch: "W/\(tag)"])
            #expect(again.status == .notModified)
        }
    }

    @Test func licenceStatesAreComputedForToday() async throws {
        try await DisclosureTest.run { service, client in
            try await Story.tell(Story.registered(validTo: "2026-11-23"), to: service, client)
            func state() async throws -> String? {
                try await client.get("/disclosure/v1/canteens").json(Slice.self).items.first?.licence.state
            }
            #expect(try await state() == "expiring")
            client.clock.set(Story.time("2026-11-23T23:59:59+08:00"))
            #expect(try await state() == "expiring")
            client.clock.set(Story.time("2026-11-24T00:00:00+08:00"))
            #expect(try await state() == "expired")
        }
    }

    @Test func otherVersionsAreRefusedPlainly() async throws {
        try await DisclosureTest.run { _, client in
            for path in ["/disclosure/v2/canteens", "/disclosure/v0/canteens/x"] {
                let answer = try await client.get(path)
                #expect(answer.status == .badRequest)
                #expect(answer.problemCode == "unknown_api_version")
            }
            #expect(try await client.get("/disclosure/latest/canteens").status == .notFound)
        }
    }

    @Test func theOpenInterfaceOnlyReadsAndNothingElseIsOpenToWriting() async throws {
        try await DisclosureTest.run { _, client in
            let operators = ["/disclosure/v1/operations", "/disclosure/v1/audit"]
            for route in client.routes
            where route.path.hasPrefix("/disclosure/v1") && !operators.contains(where: route.path.hasPrefix) {
                #expect(route.method == .get && route.rule == .public, "\(route.path)")
            }
            // And what changes something is open to nobody.
            for route in client.routes where route.method != .get {
                #expect(route.rule != .public, "\(route.path)")
            }
        }
    }

    @Test func everyRouteIsDocumented() async throws {
        try await DisclosureTest.run { _, client in
            let document = try await client.get("/openapi.yaml").text
            for route in client.routes
            where route.path.hasPrefix("/disclosure/v1/") || route.path.hasPrefix("/disclosure/api/") {
                #expect(document.contains("\n  \(route.path):"), "\(route.path)")
            }
        }
    }
}
