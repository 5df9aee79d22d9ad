import Access
import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import DisclosureService

struct FileTests {
    private struct Sent: Decodable {
        struct File: Decodable {
            let digest: String
            let mediaType: String
        }
        let files: [File]
    }

    private static let pdf = Array(
        "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n".utf8)

    private func send(
        _ client: ServiceClient, _ bytes: [UInt8], _ name: String, by person: Principal = TestPersons.principal
    ) async throws -> TestResponse {
        try await client.upload(
            "/disclosure/api/canteens/canteen-1/files", as: person, [],
            files: [(field: "file", name: name, type: "application/pdf", bytes: bytes)])
    }

    @Test func aFileIsPublicOnlyWhereAPublicItemShowsIt() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let desk = DeskClient(client: client)
            let sent = try await send(client, Self.pdf, "承诺书.pdf")
            let digest = try #require(try sent.json(Sent.self).files.first?.digest)
            let path = "/disclosure/files/\(digest)"
            #expect(try await client.get(path).status == .notFound)
            #expect(try await client.get(path, as: TestPersons.otherPrincipal).status == .notFound)
            #expect(try await client.get(path, as: TestPersons.principal).status == .ok)
            // A health certificate stays between school and regulator, whatever its item is.
            let health = try await desk.publish("D5", DeskClient.health.merging(["certificate": digest]) { $1 })
            #expect(try await client.get(path).status == .notFound)
            #expect(try await client.get(path, as: TestPersons.county).status == .ok)
            // Who looked at a file that was not public is in the journal: those who were let in, nobody else.
            let looks = try await client.pool.query(
                "SELECT actor FROM journal WHERE type = 'brightkitchen.disclosure.file.viewed.v1' ORDER BY position"
            ) { row -> String in try row["actor"] }
            #expect(looks == [TestPersons.principal, TestPersons.county].map { "person:\($0.personId)" })
            let pledge = try await desk.publish("D3", DeskClient.pledge.merging(["document": digest]) { $1 })
            let shown = try await client.get(path)
            #expect(shown.status == .ok && shown.headers[.contentDisposition]?.hasPrefix("attachment") == true)
            #expect(shown.headers[.contentType] == "application/pdf")
            _ = try await desk.step(pledge.itemId, "withdraw", reason: "重新签署")
            #expect(try await client.get(path).status == .notFound)
            _ = try await desk.step(health.itemId, "withdraw", reason: "已离职员工")
        }
    }

    @Test func dangerousFilesAreRefused() async throws {
        try await DisclosureTest.withCanteen { _, client in
            let svg = Array("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".utf8)
            let large = [UInt8](repeating: 0x20, count: 11 << 20)
            let cut = Array(Self.pdf.dropLast(10))
            for (bytes, name, code) in [
                (svg, "a.svg", "file_type"), (Self.pdf, "a.jpg", "file_name_type"), (cut, "a.pdf", "file_unreadable"),
                (large, "a.pdf", "file_too_large"),
            ] {
                let answer = try await send(client, bytes, name)
                #expect(answer.status == .unprocessableContent, "\(code)")
            }
            let foreign = try await send(client, Self.pdf, "a.pdf", by: TestPersons.otherPrincipal)
            #expect(foreign.status == .notFound)
            let auditor = try await send(client, Self.pdf, "a.pdf", by: TestPersons.auditor)
            #expect(auditor.status == .forbidden)
        }
    }
}
