import Access
import Contracts
import HummingbirdTesting
import Postgres
import ServiceKit
import TestSupport
import Testing

/// The operator's page: what it says, who may see it, and mending with one click.
@Suite struct OperationsTests {
    private struct State: Decodable {
        struct Check: Decodable { let ok: Bool }
        struct Journal: Decodable { let pending: Int }

        let service: String
        let ready: Bool
        let checks: [String: Check]
        let journal: Journal
        let deadLetters: Int
        let parkedKeys: Int
    }

    private func park(_ client: ServiceClient) async throws {
        try await client.pool.execute(
            """
            INSERT INTO journal_parked_key (topic, partition_key, position, error)
            VALUES ('brightkitchen.sample.v1', 'c-1', 1, 'MSG_SIZE_TOO_LARGE')
            """)
    }

    @Test func theOperatorSeesTheStateAndNobodyElseDoes() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            try await park(client)
            let state = try await client.get("/sample/v1/operations", as: TestPersons.systemAdmin).json(State.self)
            #expect(state.service == "sample")
            #expect(state.parkedKeys == 1)
            #expect(state.deadLetters == 0)
            let page = try await client.page("/sample/operations", as: TestPersons.systemAdmin)
            #expect(page.status == .ok)
            #expect(page.text.contains("MSG_SIZE_TOO_LARGE"))
            for person in [TestPersons.city, TestPersons.county, TestPersons.station] {
                #expect(try await client.get("/sample/v1/operations", as: person).status == .forbidden)
            }
        }
    }

    @Test func aReleasedKeyIsGoneAndTheReleaseIsRecorded() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            try await park(client)
            let other = try await client.post(
                "/sample/operations/parked-keys", as: TestPersons.systemAdmin,
                json: ["topic": "brightkitchen.sample.v1", "partition_key": "c-2"])
            #expect(other.status == .notFound)
            let auditor = try await client.post(
                "/sample/operations/parked-keys", as: TestPersons.auditor,
                json: ["topic": "brightkitchen.sample.v1", "partition_key": "c-1"])
            #expect(auditor.status == .forbidden)
            let answer = try await client.submit(
                "/sample/operations/parked-keys", as: TestPersons.systemAdmin,
                [("topic", "brightkitchen.sample.v1"), ("partition_key", "c-1")])
            #expect(answer.status == .seeOther)
            let state = try await client.get("/sample/v1/operations", as: TestPersons.systemAdmin).json(State.self)
            #expect(state.parkedKeys == 0)
            let facts = try await client.pool.query("SELECT type, actor FROM journal") { row in
                "\(try row["type"] as String) \(try row["actor"] as String)"
            }
            #expect(
                facts == [
                    "brightkitchen.sample.operations.parked_key.release_requested.v1 person:\(TestPersons.systemAdmin.personId)"
                ])
        }
    }

    @Test func whatIsNotThereCannotBeReplayed() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            for id in ["1", "0", "x", "99999999999999999999"] {
                let answer = try await client.post(
                    "/sample/operations/dead-letters/\(id)", as: TestPersons.systemAdmin, json: [String: String]())
                #expect(answer.status == .notFound, "\(id)")
            }
        }
    }
}
