import Access
import Contracts
import Postgres
import TestSupport
import Testing

@testable import RegistryService

struct StaffDataTests {
    private func person(_ login: String, _ client: ServiceClient) async throws -> Principal {
        let row = try await client.pool.first(
            "SELECT a.person_id, a.role FROM appointment a JOIN person_identity p USING (person_id) WHERE login = \(login)"
        ) { row -> Principal in Principal(personId: try row["person_id"], role: try row["role"]) }
        return try #require(row)
    }

    @Test func aPersonSeesTheOwnDataAndItIsErasedAfterOffice() async throws {
        try await RegistryTest.run { client in
            let file = try RegistryTest.file(["姓名,登录名,角色,机构,学校", "司徒种植丁,planted.four,安全管理员,,"])
            try await RegistryTest.importFiles(ImportFiles(staff: file), client)
            let person = try await person("planted.four", client)
            let copy = try await client.get("/registry/v1/me/data", as: person)
            #expect(copy.status == .ok && copy.text.contains("司徒种植丁") && copy.text.contains("planted.four"))
            #expect(try await client.get("/registry/v1/me/data", as: TestPersons.city).status == .notFound)
            let viewed = try await client.pool.first(
                "SELECT count(*) AS n FROM audit_request WHERE route = '/registry/v1/me/data' AND status = 200"
            ) { row -> Int in try row["n"] }
            #expect(viewed == 1, "the view is in the trail")

            let path = "/registry/v1/persons/\(person.personId)/erasure"
            let early = try await client.send(.post, path, as: TestPersons.systemAdmin)
            #expect(early.status == .conflict && early.problemCode == "in_office")
            try await client.pool.execute(
                "UPDATE appointment SET valid_to = '2026-11-20' WHERE person_id = \(person.personId)")
            for other in [TestPersons.securityAdmin, TestPersons.auditor, TestPersons.city] {
                #expect(try await client.send(.post, path, as: other).status == .forbidden)
            }
            for _ in 0..<2 {
                #expect(try await client.send(.post, path, as: TestPersons.systemAdmin).status == .noContent)
            }
            #expect(try await PlainTextSearch.tables(showing: "planted.four", in: client.pool) == [])
            let entries = try await client.pool.first(
                "SELECT count(*) AS n FROM journal WHERE type = 'brightkitchen.registry.person.erased.v1'"
            ) { row -> Int in try row["n"] }
            #expect(entries == 1, "once, and by number")
            let unknown = try await client.send(
                .post, "/registry/v1/persons/nobody/erasure", as: TestPersons.systemAdmin)
            #expect(unknown.status == .notFound)
        }
    }
}
