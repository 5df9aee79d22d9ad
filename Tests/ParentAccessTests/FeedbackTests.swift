import Access
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

extension WithDatabase {
    /// Feedback of representatives (art 12): moderated, the reporter hidden from the school, the outcome comes back.
    @Suite struct FeedbackTests {
        static let planted = "我是三年级二班小明的妈妈"
        static let words = "备餐间的冷藏柜一直开着。\(planted)"

        func send(
            _ story: Story, _ cookie: String, kind: String = "complaint", words: String = words,
            extra: [(String, String)] = []
        ) async throws -> TestResponse {
            try await story.client.submit(
                "/parent/feedback", cookies: [CookieName.parent: cookie],
                [("kind", kind), ("canteen_id", "canteen-1"), ("zone", "Z4"), ("words", words)] + extra)
        }

        func sent(_ story: Story, _ cookie: String, kind: String = "complaint") async throws -> String {
            let answer = try await send(story, cookie, kind: kind)
            try #require(answer.status == .seeOther, "\(answer.text)")
            return String(try #require(answer.headers[.location]).dropFirst("/parent/feedback/".count))
        }

        @Test func aComplaintGoesItsWayAndItsOutcomeComesBack() async throws {
            try await Story.run { story in
                let (invited, cookie) = try await story.representative()
                let id = try await sent(story, cookie)
                // Seven working days from Monday 23 November.
                let waiting = try await story.client.page("/parent/moderation", as: TestPersons.station)
                #expect(waiting.text.contains(id) && waiting.text.contains("2026-12-02"))
                let one = try await story.client.page("/parent/moderation/\(id)", as: TestPersons.station)
                #expect(one.text.contains(Self.planted) && !one.text.contains(invited.accountNumber))
                #expect(!one.text.contains(invited.representativeId) && !one.text.contains("家委会"))
                #expect(
                    try await story.client.page("/parent/moderation/\(id)", as: TestPersons.otherStation).status
                        == .notFound)
                let school = "/parent/school/feedback/\(id)"
                #expect(try await story.client.page(school, as: TestPersons.principal).status == .notFound)

                let forwarded = try await story.client.submit(
                    "/parent/moderation/\(id)", as: TestPersons.station,
                    [("decision", "forward"), ("text", "备餐间的冷藏柜一直开着。")])
                #expect(forwarded.status == .seeOther)
                let seen = try await story.client.page(school, as: TestPersons.principal)
                #expect(seen.text.contains("冷藏柜") && !seen.text.contains(Self.planted))
                #expect(!seen.text.contains(invited.representativeId))
                #expect(try await story.client.page(school, as: TestPersons.otherPrincipal).status == .notFound)
                let answered = try await story.client.submit(
                    "\(school)/answer", as: TestPersons.principal, [("text", "已更换门封条。")])
                #expect(answered.status == .seeOther)
                let confirmed = try await story.client.submit(
                    "/parent/moderation/\(id)", as: TestPersons.county,
                    [("decision", "confirm"), ("zone", "Z4"), ("severity", "2"), ("text", "冷藏温度偏高")])
                #expect(confirmed.status == .seeOther)
                let event = try #require(try await story.journal("feedback.confirmed").first)
                #expect(event.contains(id) && event.contains("冷藏温度偏高") && !event.contains(invited.representativeId))

                // The patrol ledger closes the problem of that id.
                let closed = ProblemClosed(
                    problemId: ProblemID(id), canteenId: CanteenID("canteen-1"), schoolId: TestPersons.school,
                    outcome: .rectified, measure: "更换门封条，每日记录温度", closedAt: story.client.clock.now())
                try await story.take(closed)
                let own = try await story.client.page(
                    "/parent/feedback/\(id)", cookies: [CookieName.parent: cookie])
                #expect(own.text.contains("已办结") && own.text.contains("每日记录温度") && own.text.contains("已更换门封条"))
                let list = try await story.client.page(
                    "/parent/v1/me/feedback?status=closed&updated_since=2026-11-01T00:00:00%2B08:00",
                    cookies: [CookieName.parent: cookie])
                #expect(list.text.contains("\"total\":1") && list.text.contains("\"outcome\":\"rectified\""))
            }
        }

        @Test func theReportersWordsAreNowhereInTheClear() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                _ = try await sent(story, cookie)
                #expect(try await PlainTextSearch.tables(showing: Self.planted, in: story.client.pool) == [])
                #expect(!PrometheusRegistry.shared.exposition().contains(Self.planted))
                let received = try #require(try await story.journal("feedback.received").first)
                #expect(!received.contains("representative"))
            }
        }

        @Test func erasureTakesTheWordsAndThePhotographs() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let photo = try await Picture.jpeg(width: 64, height: 48, gps: true)
                let answer = try await story.client.upload(
                    "/parent/feedback", cookies: [CookieName.parent: cookie],
                    [("kind", "praise"), ("canteen_id", "canteen-1"), ("words", "很好")],
                    files: [("photo", "kitchen.jpg", "image/jpeg", photo)])
                try #require(answer.status == .seeOther, "\(answer.text)")
                let id = try #require(answer.headers[.location]).dropFirst("/parent/feedback/".count)
                let stored = try await story.client.page(
                    "/parent/feedback/\(id)/photos/1", cookies: [CookieName.parent: cookie])
                #expect(stored.status == .ok && !Array(stored.body.readableBytesView).contains(Picture.marker))
                #expect(
                    try await story.client.page("/parent/moderation/\(id)/photos/1", as: TestPersons.county).status
                        == .ok)
                try #require(
                    try await story.client.submit(
                        "/parent/account/erase", cookies: [CookieName.parent: cookie], [("confirm", "yes")]
                    ).status
                        == .seeOther)
                let one = try await story.client.page("/parent/moderation/\(id)", as: TestPersons.county)
                #expect(one.status == .ok && !one.text.contains("很好"))
                #expect(
                    try await story.client.page("/parent/moderation/\(id)/photos/1", as: TestPersons.county).status
                        == .notFound)
            }
        }

        @Test func whatIsWrongIsSaidAndNothingIsKept() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let cases: [(TestResponse, String)] = [
                    (try await send(story, cookie, words: ""), "必填"),
                    (try await send(story, cookie, words: "打 13912345678 找我"), "身份证号码或手机号码"),
                    (try await send(story, cookie, kind: "rumour"), "选项"),
                    (try await send(story, cookie, words: String(repeating: "长", count: 1001)), "1000"),
                ]
                for (answer, text) in cases {
                    #expect(answer.status == .unprocessableContent && answer.text.contains(text), "\(text)")
                }
                let foreign = try await story.client.submit(
                    "/parent/feedback", cookies: [CookieName.parent: cookie],
                    [("kind", "praise"), ("canteen_id", "canteen-2"), ("words", "好")])
                #expect(foreign.status == .notFound)
                let bomb = try await story.client.upload(
                    "/parent/feedback", cookies: [CookieName.parent: cookie],
                    [("kind", "praise"), ("canteen_id", "canteen-1"), ("words", "好")],
                    files: [("photo", "x.png", "image/png", Picture.bomb)])
                #expect(bomb.status == .unprocessableContent)
                let page = try await story.client.upload(
                    "/parent/feedback", cookies: [CookieName.parent: cookie],
                    [("kind", "praise"), ("canteen_id", "canteen-1"), ("words", "好")],
                    files: [("photo", "x.jpg", "image/jpeg", Array("<html><script>alert(1)</script>".utf8))])
                #expect(page.status == .unprocessableContent)
                #expect(try await story.journal("feedback.received").isEmpty)
                // Markup is text.
                let html = try await send(story, cookie, words: "<script>alert(1)</script>")
                let shown = try await story.client.page(
                    try #require(html.headers[.location]), cookies: [CookieName.parent: cookie])
                #expect(shown.text.contains("&lt;script&gt;") && !shown.text.contains("<script>alert"))
            }
        }

        @Test func oneFormIsOneComplaintAndTenADayAreEnough() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let key = ("_form", "0123456789abcdef0123456789abcdef")
                let first = try await send(story, cookie, extra: [key])
                let again = try await send(story, cookie, extra: [key])
                #expect(first.headers[.location] == again.headers[.location])
                for _ in 0..<9 { #expect(try await send(story, cookie).status == .seeOther) }
                #expect(try await send(story, cookie).status == .tooManyRequests)
            }
        }
    }
}
