import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

/// A repeated command has one effect and one answer.
@Suite struct IdempotencyTests {
    private static let form: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded", .idempotencyKey: "key-1",
    ]

    private func notes(_ client: ServiceClient) async throws -> Int {
        try await client.pool.first("SELECT count(*)::int AS n FROM note") { row -> Int in try row["n"] } ?? -1
    }

    @Test func theSameKeyAndContentGiveTheStoredAnswer() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            for _ in 0..<3 {
                let answer = try await client.send(
                    .post, "/sample/notes", as: TestPersons.station, headers: Self.form,
                    body: Array("text=a&count=1".utf8))
                #expect(answer.status == .seeOther)
                #expect(answer.headers[.location] == "/sample/notes")
            }
            #expect(try await notes(client) == 1)
        }
    }

    @Test func theSameKeyWithOtherContentIsAConflict() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            _ = try await client.send(
                .post, "/sample/notes", as: TestPersons.station, headers: Self.form, body: Array("text=a&count=1".utf8))
            let other = try await client.send(
                .post, "/sample/notes", as: TestPersons.station, headers: Self.form, body: Array("text=b&count=1".utf8))
            #expect(other.status == .conflict && other.problemCode == "idempotency_key_reused")
            let someoneElse = try await client.send(
                .post, "/sample/notes", as: TestPersons.county, headers: Self.form, body: Array("text=b&count=1".utf8))
            #expect(someoneElse.status == .seeOther)
            #expect(try await notes(client) == 2)
        }
    }

    @Test func aDoubleClickOnAFormCountsOnce() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        try await client.submit(
                            "/sample/notes", as: TestPersons.station,
                            [("text", "a"), ("count", "1"), ("_form", "token-1")]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == .seeOther })
            #expect(try await notes(client) == 1)
        }
    }
}
