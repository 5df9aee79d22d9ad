import Access
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import NotificationService

/// Documents and pictures of bulletins: who may add them, what is refused, who may fetch them, what the topic says.
@Suite(.timeLimit(.minutes(3))) struct AttachmentTests {
    typealias Test = ServiceTest<NotificationService>

    private static let base = "/notification/bulletins"
    private static let pdf = document("")
    private static let active = document("/OpenAction<</S/JavaScript/JS(app.alert)>>")
    private static let png = [UInt8](
        Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
            ?? Data())

    private static func document(_ extra: String, _ comment: String = "") -> [UInt8] {
        Array(
            "%PDF-1.7\n%\(comment)\n1 0 obj<</Type/Catalog\(extra)>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
                .utf8)
    }

    private struct Created: Decodable { let bulletinId: BulletinID }
    private struct Nothing: Encodable {}
    private struct Read: Decodable {
        let attachments: [BulletinAttachment]
        let version: Int
    }
    private struct Items: Decodable { let items: [BulletinAttachment] }

    typealias File = (field: String, name: String, type: String, bytes: [UInt8])

    private func file(_ name: String, _ bytes: [UInt8]) -> File { ("file", name, "application/octet-stream", bytes) }

    private func draft(_ client: ServiceClient) async throws -> BulletinID {
        let answer = try await client.post(
            Self.base, as: TestPersons.county,
            json: BulletinLifeTests.Wish(copyIds: [TestPersons.stationOrgan.rawValue]))
        return try answer.json(Created.self).bulletinId
    }

    private func prepared(_ body: @escaping @Sendable (Feed, ServiceClient, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bulletin-files-\(UUID().uuidString)").path
        try await Test.run(environment: ["ATTACHMENTS_DIR": folder]) { service, client in
            let feed = Feed(service: service, client: client)
            try await feed.registry()
            try await body(feed, client, folder)
        }
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func anAttachmentIsNamedInTheTopicAndFetchedByThoseWhoReadTheBulletinAlone() async throws {
        try await prepared { feed, client, _ in
            let id = try await draft(client)
            let path = "\(Self.base)/\(id)/attachments"
            let added = try await client.upload(
                path, as: TestPersons.county, [],
                files: [file("C:\\检查\\现场检查记录.pdf", Self.pdf), file("砧板.png", Self.png)])
            #expect(added.status == .seeOther, "\(added.text)")
            // A draft and what is attached to it are nobody else's business.
            let read = try await client.get("\(Self.base)/\(id)", as: TestPersons.county).json(Read.self)
            #expect(read.attachments.map(\.name) == ["现场检查记录.pdf", "砧板.jpg"] && read.version == 3)
            #expect(read.attachments.map(\.mediaType) == ["application/pdf", "image/jpeg"])
            #expect(try await client.get(read.attachments[0].href, as: TestPersons.education).status == .notFound)
            let page = try await client.page("\(Self.base)/\(id)", as: TestPersons.county)
            #expect(page.text.contains("multipart/form-data") && page.text.contains("砧板.jpg"))
            _ = try await client.post("\(Self.base)/\(id)/issue", as: TestPersons.county, json: Nothing())
            let issued = try #require(
                try await feed.published(BulletinIssued.self).first {
                    $0.receivingOrganId == TestPersons.educationOrgan
                })
            let named = try #require(issued.attachments)
            #expect(named.map(\.sha256) == read.attachments.map(\.sha256))
            #expect(named.allSatisfy { $0.href.hasPrefix("http") && $0.href.hasSuffix($0.sha256) })
            // The department's program, with its scope; not that of another department, and not without the scope.
            let pdf = try #require(read.attachments.first)
            let fetched = try await client.get(pdf.href, as: Self.program(.readBulletins))
            #expect(fetched.status == .ok && Array(fetched.body.readableBytesView) == Self.pdf)
            #expect(fetched.headers[.contentType] == "application/pdf")
            #expect(fetched.headers[.contentDisposition]?.hasPrefix("attachment") == true)
            #expect(try await client.get(pdf.href, as: Self.program(.seeProblem)).status == .forbidden)
            #expect(try await client.get(pdf.href, as: TestPersons.hr).status == .notFound)
            #expect(try await client.get(pdf.href, as: TestPersons.otherCounty).status == .notFound)
            #expect(try await client.get(pdf.href, as: TestPersons.principal).status == .forbidden)
            #expect(try await client.get(pdf.href, as: TestPersons.station).status == .ok)
            let paper = try await client.page("\(Self.base)/\(id)", as: TestPersons.education).text
            #expect(paper.contains(pdf.sha256) && paper.contains("现场检查记录.pdf"))
            // What is issued is never changed.
            let late = try await client.upload(
                path, as: TestPersons.county, [], files: [file("b.pdf", Self.document("", "late"))])
            #expect(late.status == .conflict)
            let gone = try await client.post("\(path)/\(pdf.sha256)/remove", as: TestPersons.county, json: Nothing())
            #expect(gone.problemCode == "not_a_draft")
        }
    }

    private static func program(_ scope: Action) -> Principal {
        var program = TestPersons.education
        program.personId = PersonID("client-education")
        program.scopes = [scope]
        return program
    }

    @Test func whatIsNotADocumentOrAPictureIsRefusedByNameAndNothingIsAttached() async throws {
        try await prepared { _, client, _ in
            let id = try await draft(client)
            let path = "\(Self.base)/\(id)/attachments"
            let bad: [(File, String)] = [
                (file("virus.exe", Array("MZ program".utf8)), "不接受这种文件"),
                (file("photo.jpg", Self.pdf), "后缀与内容不符"),
                (file("active.pdf", Self.active), "PDF 含有脚本"),
                (file("13812345678.pdf", Self.pdf), "手机"),
            ]
            for (file, words) in bad {
                let answer = try await client.upload(path, as: TestPersons.county, [], files: [file])
                #expect(answer.status == .unprocessableContent && answer.text.contains(words), "\(file.name)")
            }
            let many = try await client.upload(
                path, as: TestPersons.county, [],
                files: (0..<6).map { file("\($0).pdf", Self.document("", "\($0)")) })
            #expect(many.status == .unprocessableContent)
            #expect(
                try await client.upload(path, as: TestPersons.county, [], files: []).status == .unprocessableContent)
            for person in [TestPersons.otherCounty, TestPersons.city] {
                let answer = try await client.upload(path, as: person, [], files: [file("a.pdf", Self.pdf)])
                #expect(answer.status == .notFound)
            }
            let answer = try await client.upload(path, as: TestPersons.education, [], files: [file("a.pdf", Self.pdf)])
            #expect(answer.status == .forbidden)
            let read = try await client.get("\(Self.base)/\(id)", as: TestPersons.county).json(Read.self)
            #expect(read.attachments.isEmpty && read.version == 1)
        }
    }

    @Test func whatADraftLetsGoLeavesTheDiskUnlessAnotherNamesItAndACorrectionStartsWithTheOriginals() async throws {
        try await prepared { feed, client, folder in
            let first = try await draft(client)
            let second = try await draft(client)
            for id in [first, second, second] {
                let answer = try await client.upload(
                    "\(Self.base)/\(id)/attachments", as: TestPersons.county, [], files: [file("a.pdf", Self.pdf)])
                #expect(answer.status == .seeOther)
            }
            #expect(try Self.files(in: folder) == 1)
            let read = try await client.get("\(Self.base)/\(second)", as: TestPersons.county).json(Read.self)
            #expect(read.attachments.count == 1)
            let discarded = try await client.post(
                "\(Self.base)/\(first)/discard", as: TestPersons.county, json: Nothing())
            #expect(discarded.status == .noContent)
            try await feed.service.watch.look()
            #expect(try Self.files(in: folder) == 1)
            _ = try await client.post("\(Self.base)/\(second)/issue", as: TestPersons.county, json: Nothing())
            let answer = try await client.post(
                Self.base, as: TestPersons.county,
                json: BulletinLifeTests.Wish(
                    facts: "更正。", copyIds: [TestPersons.stationOrgan.rawValue], corrects: second.rawValue))
            let correction = try answer.json(Created.self).bulletinId
            let copied = try await client.get("\(Self.base)/\(correction)", as: TestPersons.county).json(Read.self)
            #expect(copied.attachments.map(\.sha256) == read.attachments.map(\.sha256))
            let third = try await draft(client)
            let other = Self.document("", "other")
            _ = try await client.upload(
                "\(Self.base)/\(third)/attachments", as: TestPersons.county, [], files: [file("b.pdf", other)])
            #expect(try Self.files(in: folder) == 2)
            let own = try await client.get("\(Self.base)/\(third)", as: TestPersons.county).json(Read.self)
            let removed = try await client.post(
                "\(own.attachments[0].href)/remove", as: TestPersons.county, json: Nothing())
            #expect(removed.status == .noContent)
            try await feed.service.watch.look()
            #expect(try Self.files(in: folder) == 1)
        }
    }

    private static func files(in folder: String) throws -> Int {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
            $0.split(separator: "/").last?.count == 64
        }
        .count
    }

    @Test func namesAreCleaned() {
        func clean(_ name: String) -> String { AttachmentName.clean(name, ending: "pdf", fallback: "附件1") }
        #expect(clean("../../etc/passwd") == "passwd.pdf" && clean("C:\\x\\报告.PDF") == "报告.pdf")
        #expect(
            clean("") == "附件1.pdf" && clean(".pdf") == "附件1.pdf"
                && clean("a\r\nSet-Cookie: b.pdf") == "aSet-Cookie b.pdf")
        #expect(clean(String(repeating: "长", count: 300) + ".pdf").count == 104)
    }
}
