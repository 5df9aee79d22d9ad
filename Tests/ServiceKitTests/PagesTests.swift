import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

/// Layout, language, escaping, assets and headers.
@Suite struct PagesTests {
    @Test func aPageIsEscapedAndSpeaksTheReadersLanguage() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let zh = try await client.page("/sample/")
            #expect(zh.status == .ok)
            #expect(zh.text.contains("<html lang=\"zh-CN\">") && zh.text.contains("登录"))
            #expect(zh.text.contains("&lt;b&gt;") && !zh.text.contains("<b>"))
            #expect(!zh.text.contains("⟦"))
            let en = try await client.page("/sample/", language: "en")
            #expect(en.text.contains("Sign in") && en.headers[.contentLanguage] == "en")
            #expect(!en.text.contains("⟦"))
        }
    }

    @Test func navigationShowsWhatTheRoleMayDo() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let officer = try await client.page("/sample/", as: TestPersons.station).text
            #expect(officer.contains("href=\"/patrol/\"") && !officer.contains("href=\"/registry/audit\""))
            let school = try await client.page("/sample/", as: TestPersons.principal).text
            #expect(!school.contains("href=\"/patrol/\"") && school.contains("href=\"/parent/school\""))
        }
    }

    @Test func headersForbidWhatAPageDoesNotNeed() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            for path in ["/sample/", "/sample/nothing", "/health/live"] {
                let answer = try await client.page(path)
                let policy = answer.headers[.contentSecurityPolicy] ?? ""
                #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"))
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                #expect(answer.headers[.named("Referrer-Policy")] == "same-origin")
                #expect(answer.headers[.strictTransportSecurity] == nil)
            }
            let page = try await client.page("/sample/")
            #expect(!page.text.contains("<style") && !page.text.contains("style=") && !page.text.contains("onclick"))
        }
    }

    @Test func assetsAreCachedByContent() async throws {
        try await ServiceTest<SampleService>.run { _, client in
            let page = try await client.page("/sample/").text
            let match = try #require(page.firstMatch(of: /href="(\/sample\/assets\/bright\.css\?v=[0-9a-f]+)"/))
            let first = try await client.get(String(match.1))
            #expect(first.status == .ok && first.headers[.contentType] == "text/css; charset=utf-8")
            #expect(first.headers[.cacheControl]?.contains("immutable") == true)
            let again = try await client.get(String(match.1), headers: [.ifNoneMatch: first.headers[.eTag] ?? ""])
            #expect(again.status == .notModified && again.body.readableBytes == 0)
            #expect(try await client.get("/sample/assets/..%2f..%2fetc").status == .notFound)
        }
    }

    @Test func acceptLanguageIsReadByWeight() {
        #expect(Language(acceptLanguage: nil) == .zh)
        #expect(Language(acceptLanguage: "fr,de") == .zh)
        #expect(Language(acceptLanguage: "en") == .en)
        #expect(Language(acceptLanguage: "en-US,en;q=0.9,zh-CN;q=0.8") == .en)
        #expect(Language(acceptLanguage: "en;q=0.2, zh-TW;q=0.5") == .zh)
        #expect(Language(acceptLanguage: "en;q=0") == .zh)
        #expect(Language(acceptLanguage: ";;;,q=") == .zh)
    }

    @Test func personalNumbersAreFoundHoweverTheyAreWritten() {
        for text in ["电话13800138000", "+86 138-0013-8000", "１３８００１３８０００", "440703199001011234", "11010519491231002X"] {
            #expect(throws: Problem.self, "\(text)") { try PersonalDataScreen.check(field: "cause", text: text) }
        }
        for text in ["许可证 JY34407030012345", "温度 75 度，2026-11-23 10:30", "三号摄像头 34020000001320000001", "12345678901"] {
            #expect(throws: Never.self, "\(text)") { try PersonalDataScreen.check(field: "cause", text: text) }
        }
    }

    @Test func onlyPathsOfThisSiteAreFollowed() {
        for path in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "", "javascript:x"] {
            #expect(!WellFormed.isLocalPath(path), "\(path)")
        }
        #expect(WellFormed.isLocalPath("/patrol/?week=2026-W48"))
        #expect(Response.seeOther("//evil.example").headers[.location] == "/")
    }
}
