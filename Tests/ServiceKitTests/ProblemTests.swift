import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

/// Shapes of errors: for programs, for browsers, and what must not be said.
@Suite struct ProblemTests {
    private struct Document: Decodable {
        struct Entry: Decodable { let field: String }
        let type: String
        let title: String
        let status: Int
        let detail: String
        let code: String
        let field: String?
        let errors: [Entry]?
        let instance: String
    }

    @Test func aProgramGetsAProblemDocumentInItsLanguage() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let zh = try await client.get("/sample/nothing")
            let document: Document = try zh.json()
            #expect(zh.headers[.contentType] == "application/problem+json")
            #expect(document.status == 404 && document.code == "not_found" && document.title == "没有找到")
            #expect(document.instance.hasSuffix(zh.headers[.correlationId] ?? "-"))
            let en = try await client.get("/sample/nothing", headers: [.acceptLanguage: "en-GB,en;q=0.9,zh;q=0.1"])
            #expect(try en.json(Document.self).title == "Not found")
        }
    }

    @Test func theUnknownIsAnInternalErrorWithoutDetail() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            for path in ["/sample/crash", "/sample/database/23505", "/sample/database/XX000"] {
                let answer = try await client.get(path)
                #expect(answer.status == .internalServerError)
                #expect(answer.problemCode == "internal_error")
                #expect(!answer.text.contains("do not show") && !answer.text.contains("secret"))
            }
            let page = try await client.page("/sample/crash")
            #expect(page.status == .internalServerError)
            #expect(page.headers[.contentType]?.hasPrefix("text/html") == true)
            #expect(page.text.contains(page.headers[.correlationId] ?? "-"))
            #expect(!page.text.contains("do not show"))
        }
    }

    @Test func theDatabasesErrorsAreClassified() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            for code in ["08006", "57P01", "40001", "acquire_timeout", "53300", "outcome_unknown"] {
                let answer = try await client.get("/sample/database/\(code)")
                #expect(answer.status == .serviceUnavailable, "\(code)")
                #expect(answer.headers[.retryAfter] != nil)
            }
            #expect(try await client.get("/sample/database/22021").status == .unprocessableContent)
        }
    }

    @Test func methodsAndHeads() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let wrong = try await client.send(.delete, "/sample/canteens/own/patrol")
            #expect(wrong.status == .methodNotAllowed)
            #expect(wrong.headers[.allow] == "POST")
            let page = try await client.send(.delete, "/sample/board")
            #expect(page.headers[.allow] == "GET, HEAD")
            let head = try await client.send(.head, "/health/live")
            #expect(head.status == .ok && head.body.readableBytes == 0)
            #expect(try await client.send(.head, "/sample/board").status == .unauthorized)
        }
    }

    @Test func allFaultyFieldsAreReportedTogether() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let answer = try await client.send(
                .post, "/sample/notes", as: TestPersons.station,
                headers: [.contentType: "application/x-www-form-urlencoded"],
                body: Array("text=%E6%89%8B%E6%9C%BA13800138000&count=12".utf8))
            let document: Document = try answer.json()
            #expect(answer.status == .unprocessableContent)
            #expect(document.errors?.map(\.field) == ["text", "count"])
            #expect(document.field == "text")
        }
    }

    @Test func bodiesAreBoundedAndOfTheRightType() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let long = Array("count=1&text=\(String(repeating: "x", count: 3_000))".utf8)
            let tooLarge = try await client.send(
                .post, "/sample/notes", as: TestPersons.station,
                headers: [.contentType: "application/x-www-form-urlencoded"], body: long)
            #expect(tooLarge.status == .contentTooLarge && tooLarge.problemCode == "too_large")
            let wrongType = try await client.send(
                .post, "/sample/api/notes", as: TestPersons.station, headers: [.contentType: "text/xml"], body: long)
            #expect(wrongType.status == .unsupportedMediaType)
            for body in ["{", "[]", "{\"note_text\":1}", "{\"note_text\":\"a\\u0000b\"}", "{}", "\u{0}"] {
                let answer = try await client.send(
                    .post, "/sample/api/notes", as: TestPersons.station, headers: [.contentType: "application/json"],
                    body: Array(body.utf8))
                #expect([400, 422].contains(answer.status.code), "\(body)")
            }
            for body in ["text=%FF&count=1", "text=a%00b&count=1"] {
                let answer = try await client.send(
                    .post, "/sample/notes", as: TestPersons.station,
                    headers: [.contentType: "application/x-www-form-urlencoded"], body: Array(body.utf8))
                #expect(answer.status == .badRequest, "\(body)")
            }
            let target = "/sample/" + String(repeating: "a", count: 9_000)
            #expect(try await client.get(target).status == .uriTooLong)
        }
    }

    @Test func aMultipartFormArrivesWhole() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0) }
            let answer = try await client.upload(
                "/sample/upload", as: TestPersons.principal, [("note", "灶台 \"A\"")],
                files: [("photo", "照片.jpg", "image/jpeg", bytes)])
            #expect(answer.status == .ok, "\(answer.text)")
            let values = try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: String]
            #expect(values == ["name": "照片.jpg", "size": "50000", "note": "灶台 \"A\""])
        }
    }
}
