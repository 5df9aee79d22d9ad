import Access
import Calendar
import Contracts
import Digests
import Foundation
import HTTPTypes
import Journal
import Logging
import Postgres
import TestSupport
import Testing

@testable import ServiceKit

struct AuditTests {
    private func requests(
        _ client: ServiceClient, _ query: String = ""
    ) async throws -> (total: Int, items: [AuditRecord]) {
        struct List: Decodable {
            let total: Int
            let items: [AuditRecord]
        }
        let answer = try await client.get("/sample/audit/requests\(query)", as: TestPersons.auditor)
        try #require(answer.status == .ok, "\(answer.text)")
        let list: List = try answer.json()
        return (list.total, list.items)
    }

    @Test func everyMutationIsInTheTrailWithWhoWhereWhyAndOutcome() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let from: HTTPFields = [.named("X-Forwarded-For"): "203.0.113.7"]
            _ = try await client.post(
                "/sample/canteens/own/patrol?reason=complaint", as: TestPersons.county, json: ["name": "锅"],
                headers: from)
            _ = try await client.post(
                "/sample/canteens/own/patrol", as: TestPersons.parent, json: ["name": "锅"], headers: from)
            _ = try await client.post("/sample/canteens/own/patrol", json: ["name": "锅"], headers: from)
            _ = try await client.get("/sample/board", as: TestPersons.county)

            let found = try await requests(client, "?object=own/patrol")
            #expect(found.total == 2, "who is not signed in reaches nothing: \(found.items)")
            let made = try #require(found.items.first { $0.actor.contains(TestPersons.county.personId.rawValue) })
            #expect(
                made.role == "county_regulator" && made.method == "POST" && made.path == "/sample/canteens/own/patrol")
            #expect(made.purpose == "complaint" && (200...299).contains(made.status ?? 0))
            #expect(made.addressKey?.count == 32)
            let refused = try #require(found.items.first { $0.status == 403 })
            #expect(refused.actor == "representative:\(TestPersons.parent.personId.rawValue)")
            #expect(refused.addressKey == made.addressKey, "the same place")
            #expect(try await PlainTextSearch.tables(showing: "203.0.113.7", in: client.pool) == [])

            #expect(try await requests(client, "?address=203.0.113.7&object=own/patrol").total == 2)
            #expect(try await requests(client, "?address=203.0.113.8").total == 0)
            #expect(try await requests(client, "?person=\(TestPersons.county.personId.rawValue)").total == 1)
            #expect(try await requests(client, "?from=2026-11-24").total == 0)
            #expect(try await requests(client, "?from=2026-11-23&to=2026-11-23&object=own/patrol").total == 2)
            #expect(try await requests(client, "?action=read_audit").total > 3, "the auditor's own views are in it")
        }
    }

    @Test func filtersThatMeanNothingAreRefused() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            for query in ["from=yesterday", "to=2026-02-30", "from=2026-11-23&to=2026-11-22", "page=0"] {
                let answer = try await client.get("/sample/audit/requests?\(query)", as: TestPersons.auditor)
                #expect(answer.status == .unprocessableContent, "\(query)")
            }
            for person in TestPersons.everyRole where person.role != .auditor {
                for path in ["", "/journal", "/requests", "/entries", "/extract", "/requests/2026-11-23"] {
                    let answer = try await client.get("/sample/audit\(path)", as: person)
                    #expect(answer.status == .forbidden, "\(person.role) \(path)")
                }
            }
        }
    }

    @Test func withoutATrailNothingIsDone() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            try await client.pool.execute("ALTER TABLE audit_request RENAME TO audit_request_gone")
            let answer = try await client.post("/sample/quota", as: TestPersons.city, json: ["canteens": 8])
            #expect(answer.status == .serviceUnavailable && answer.problemCode == "audit_unavailable")
            let written = try await client.pool.first("SELECT count(*) AS n FROM journal") { row -> Int in try row["n"]
            }
            #expect(written == 0)
            #expect(
                try await client.get("/sample/audit/entries", as: TestPersons.auditor).status == .serviceUnavailable)
        }
    }

    @Test func noOneChangesTheTrailBeforeItsTime() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            _ = try await client.post("/sample/canteens/own/patrol", as: TestPersons.county, json: ["name": "锅"])
            for statement: SQL in [
                "UPDATE audit_request SET actor = 'nobody'", "UPDATE audit_request SET status = 200",
                "DELETE FROM audit_request", "TRUNCATE audit_request",
            ] {
                await #expect(throws: PostgresError.self) { try await client.pool.execute(statement) }
            }
            try await client.pool.execute(
                """
                INSERT INTO audit_request (id, occurred_at, actor, action, method, route, path, correlation_id)
                VALUES ('old', '2020-01-01', 'anonymous', 'public', 'POST', '/x', '/x', 'c')
                """)
            #expect(try await client.pool.execute("DELETE FROM audit_request WHERE id = 'old'") == 1)
        }
    }

    @Test(arguments: HashAlgorithm.allCases)
    func aFinishedDayIsSealedAndAChangeShows(algorithm: HashAlgorithm) async throws {
        try await ServiceTest<SampleService>.run { _, client in
            _ = try await client.post("/sample/canteens/own/patrol", as: TestPersons.county, json: ["name": "锅"])
            let days = AuditDays(service: "sample", pool: client.pool, algorithm: algorithm)
            try await days.sealFinished(now: client.clock.now())
            let sealedToday = try await client.pool.query("SELECT day FROM audit_day") { row -> LocalDate in
                try row["day"]
            }
            #expect(sealedToday.isEmpty, "the day is not over")
            let tomorrow = client.clock.now() + .seconds(86_400)
            try await days.sealFinished(now: tomorrow)
            try await days.sealFinished(now: tomorrow)
            let entries = try await client.pool.query("SELECT type FROM journal WHERE subject = '2026-11-23'") {
                row -> String in try row["type"]
            }
            #expect(entries == ["brightkitchen.sample.audit.day-sealed.v1"], "once")
            #expect(try await days.faults() == [])

            try await client.pool.execute("ALTER TABLE audit_request DISABLE TRIGGER refuse_change")
            try await client.pool.execute("UPDATE audit_request SET actor = 'person:somebody-else'")
            #expect(try await days.faults().count == 1)
        }
    }
}
