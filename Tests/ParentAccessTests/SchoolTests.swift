import Access
import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

extension WithDatabase {
    @Suite struct SchoolTests {
        static let form: [(String, String)] = [
            ("label", "家委会 3 号"), ("camera_ids", Story.camera), ("camera_ids", Story.secondCamera),
            ("from_1_0", "11:00"),
            ("to_1_0", "13:00"), ("valid_from", "2026-11-23"), ("valid_to", "2027-07-31"),
        ]

        static func form(_ changes: [String: String]) -> [(String, String)] {
            form.filter { changes[$0.0] == nil } + changes.map { ($0.key, $0.value) }.filter { !$0.1.isEmpty }
        }

        @Test func theInvitationPageShowsLinkAndCodeOnce() async throws {
            try await Story.run { story in
                let page = try await story.client.submit("/parent/school/invite", as: TestPersons.principal, Self.form)
                #expect(page.status == .created)
                #expect(page.text.contains("https://kitchen.example/parent/invitation/"))
                #expect(page.text.contains("data:image/svg+xml;base64,"))
                let list = try await story.client.page("/parent/school", as: TestPersons.principal)
                #expect(list.text.contains("家委会 3 号") && !list.text.contains("/parent/invitation/"))
                let other = try await story.client.page("/parent/school", as: TestPersons.otherPrincipal)
                #expect(other.status == .ok && !other.text.contains("家委会 3 号"))
            }
        }

        static let wrong: [([String: String], String)] = [
            (["from_1_0": "22:00", "to_1_0": "06:00"], "06:00–20:00"),
            (["from_1_0": "13:00", "to_1_0": "11:00"], "必须晚于"), (["to_1_0": ""], "起止时间"),
            (["from_1_0": "", "to_1_0": ""], "至少填写一个"), (["camera_ids": ""], "至少选择一个"),
            (["camera_ids": "camera-foreign"], "没有这个摄像头"), (["camera_ids": "camera-anteroom"], "预进间"),
            (["valid_to": "2026-11-01"], "截止日期"), (["valid_to": "2028-11-01"], "截止日期"), (["label": ""], "必填"),
            (["label": "13800138000"], "手机号码"), (["mobile_number": "12345"], "11 位"),
        ]

        @Test func whatIsWrongWithAnInvitationIsSaidInTheForm() async throws {
            try await Story.run { story in
                for (changes, text) in Self.wrong {
                    let page = try await story.client.submit(
                        "/parent/school/invite", as: TestPersons.principal, Self.form(changes))
                    #expect(page.status == .unprocessableContent, "\(changes)")
                    #expect(page.text.contains(text), "\(changes)")
                }
                #expect(try await story.journal("representative.invited").isEmpty)
            }
        }

        @Test func aWindowAtNightIsRefusedInTheAPIWithItsCode() async throws {
            try await Story.run { story in
                let answer = try await story.client.post(
                    "/parent/v1/representatives", as: TestPersons.principal,
                    json: Story.wish(from: "22:00", to: "06:00"))
                #expect(answer.status == .unprocessableContent && answer.problemCode == "window_outside_city_limit")
                #expect(answer.text.contains("06:00–20:00"))
                let foreign = try await story.client.post(
                    "/parent/v1/representatives", as: TestPersons.principal,
                    json: Story.wish(cameras: [Story.foreignCamera]))
                #expect(foreign.problemCode == "camera_unknown")
            }
        }

        @Test func invitationsWorkOnceAndNotForEver() async throws {
            try await Story.run { story in
                let invited = try await story.invite()
                #expect(try await story.client.page(invited.path).text.contains("蓬江区示例小学"))
                #expect(try await story.accept(invited, password: "too short").status == .unprocessableContent)
                #expect(try await story.answer(invited, code: try story.lastCode()).status == .ok)
                #expect(try await story.accept(invited).status == .gone)
                #expect(try await story.client.page(invited.path).status == .gone)
                let second = try await story.invite()
                story.client.clock.advance(by: .seconds(7 * 86_400))
                #expect(try await story.accept(second).status == .gone)
                #expect(
                    try await story.client.page("/parent/invitation/" + String(repeating: "A", count: 43)).status
                        == .notFound)
                #expect(try await story.client.page("/parent/invitation/guess").status == .notFound)
            }
        }

        @Test func aRenewedInvitationWithdrawsTheOldOne() async throws {
            try await Story.run { story in
                let invited = try await story.invite()
                let renewed = try await story.client.post(
                    "/parent/v1/representatives/\(invited.representativeId)/invitation", as: TestPersons.principal,
                    json: [String: String]())
                #expect(renewed.status == .created)
                #expect(try await story.client.page(invited.path).status == .gone)
            }
        }

        @Test func twoWhoAcceptAtOnceAreOne() async throws {
            try await Story.run { story in
                let invited = try await story.invite()
                let path = "\(invited.path)/code"
                try #require(try await story.client.submit(path, [("mobile_number", Story.number)]).status == .ok)
                let code = try story.lastCode()
                async let first = story.answer(invited, code: code)
                async let second = story.answer(invited, code: code)
                let codes = [try await first.status.code, try await second.status.code].sorted()
                #expect(codes == [200, 410])
            }
        }

        @Test func theQuotaOfASchoolHolds() async throws {
            try await Story.run(environment: ["REPRESENTATIVES_PER_SCHOOL": "1"]) { story in
                _ = try await story.invite()
                let answer = try await story.client.post(
                    "/parent/v1/representatives", as: TestPersons.principal, json: Story.wish())
                #expect(answer.status == .conflict && answer.problemCode == "quota")
            }
        }

        @Test func anotherSchoolsRepresentativeIsNotThere() async throws {
            try await Story.run { story in
                let invited = try await story.invite()
                let base = "/parent/v1/representatives/\(invited.representativeId)"
                #expect(try await story.client.get(base, as: TestPersons.otherPrincipal).status == .notFound)
                #expect(
                    try await story.client.post(
                        "\(base)/suspend", as: TestPersons.otherPrincipal, json: [String: String]()
                    ).status == .notFound)
                #expect(
                    try await story.client.post(
                        "\(base)/grants/\(invited.grantId)/revoke", as: TestPersons.otherPrincipal,
                        json: [String: String]()
                    ).status == .notFound)
                #expect(try await story.client.get(base, as: TestPersons.safetyLead).status == .forbidden)
            }
        }

        @Test func wrongPasswordsLockTheAccount() async throws {
            try await Story.run { story in
                let (invited, _) = try await story.representative()
                func attempt(_ password: String) async throws -> Int {
                    try await story.client.submit(
                        "/parent/login", [("account", invited.accountNumber), ("password", password)]
                    ).status.code
                }
                for _ in 0..<5 { #expect(try await attempt("wrong password 1") == 401) }
                #expect(try await attempt(Story.password) == 429)
                story.client.clock.advance(by: .seconds(61))
                #expect(try await attempt(Story.password) == 303)
                let unknown = try await story.client.submit(
                    "/parent/login", [("account", "P-2026-AAAA-BBBB"), ("password", "x")])
                #expect(unknown.status == .unauthorized)
            }
        }

        @Test func aSuspendedAccountComesBackWhenResumed() async throws {
            try await Story.run { story in
                let (invited, cookie) = try await story.representative()
                let base = "/parent/v1/representatives/\(invited.representativeId)"
                #expect(
                    try await story.client.post("\(base)/suspend", as: TestPersons.principal, json: [String: String]())
                        .status == .noContent)
                #expect(try await story.open(Story.camera, cookie: cookie).status == .unauthorized)
                let refused = try await story.client.submit(
                    "/parent/login", [("account", invited.accountNumber), ("password", Story.password)])
                #expect(refused.status == .forbidden)
                #expect(
                    try await story.client.post("\(base)/resume", as: TestPersons.principal, json: [String: String]())
                        .status == .noContent)
                _ = try await story.watch(cookie: cookie)
            }
        }

        @Test func accountsExpireByTheClockAndAreWrittenDown() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                story.client.clock.set(try #require(.init(rfc3339: "2027-08-01T00:00:00+08:00")))
                #expect(try await story.open(Story.camera, cookie: cookie).status == .unauthorized)
                try await story.service.sweeper.expire()
                try await story.service.sweeper.expire()
                #expect(try await story.journal("grant.expired").count == 1)
                #expect(try await story.journal("representative.expired").count == 1)
            }
        }

        @Test func theParentsPageShowsCamerasAndWindows() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                let cookies = [CookieName.parent: cookie]
                let page = try await story.client.page("/parent/", cookies: cookies)
                #expect(
                    page.status == .ok && page.text.contains("开放至 13:00")
                        && page.text.contains("/disclosure/canteens/canteen-1"))
                #expect(!page.text.contains("<video"))
                let player = try await story.client.page("/parent/?camera=\(Story.camera)", cookies: cookies)
                #expect(
                    player.text.contains("src=\"/video/open/camera-1\"")
                        && player.text.contains("蓬江区示例小学 · 2026-11-23 09:00"))
                let refused = try await story.client.page("/parent/?camera=\(Story.foreignCamera)", cookies: cookies)
                #expect(refused.status == .ok && !refused.text.contains("<video"))
                story.client.clock.set(try #require(.init(rfc3339: "2026-11-23T10:55:00+08:00")))
                _ = try await story.client.page("/parent/", cookies: cookies)
                story.client.clock.set(try #require(.init(rfc3339: "2026-11-23T12:50:00+08:00")))
                _ = try await story.client.page("/parent/", cookies: cookies)
                story.client.clock.set(try #require(.init(rfc3339: "2026-11-23T13:30:00+08:00")))
                let closed = try await story.client.page("/parent/", cookies: cookies, language: "en")
                #expect(closed.text.contains("Opens next: Monday 11-30 08:00–13:00"))
                let data = try await story.client.page("/parent/v1/me/data", cookies: cookies)
                #expect(data.status == .ok && data.text.contains("家委会 3 号"))
            }
        }

        @Test func programsSendLinksAsTextMessagesToo() async throws {
            struct Answer: Decodable {
                let invitationUrl: String
                let smsSent: Bool?
            }
            try await Story.run(environment: ["REPRESENTATIVES_PER_SCHOOL": "1000"]) { story in
                let client = story.client
                let grant =
                    #"{"zones":["Z3"],"windows":[{"weekday":1,"from":"08:00","to":"13:00"}],"#
                    + #""valid_from":"2026-11-01","valid_to":"2027-07-31"}"#
                func send(_ path: String, _ text: String) async throws -> TestResponse {
                    try await client.send(
                        .post, "/parent/v1/\(path)", as: TestPersons.principal,
                        headers: [.contentType: "application/json"], body: Array(text.utf8))
                }
                func one(_ more: String) async throws -> TestResponse {
                    try await send("representatives", #"{"label":"家委会 3 号","grant":\#(grant)\#(more)}"#)
                }
                #expect(try await one(#","send_sms":true"#).problemCode == "missing")
                let quiet = try await one(#","mobile_number":"13800138000""#).json(Answer.self)
                #expect(try quiet.smsSent == nil && story.messages().isEmpty)
                let loud = try await one(#","mobile_number":"13800138000","send_sms":true"#).json(Answer.self)
                #expect(try loud.smsSent == true && story.messages().contains { $0.contains(loud.invitationUrl) })
                // A list: those whose number is known get theirs, and the answer says who did not.
                let people = (0..<200).map {
                    let number = $0 == 7 ? "" : #","mobile_number":"\#(13_900_000_000 + $0)""#
                    return #"{"label":"家委会 \#($0) 号"\#(number)}"#
                }.joined(separator: ",")
                let list = try await send(
                    "representatives/import", #"{"representatives":[\#(people)],"grant":\#(grant),"send_sms":true}"#)
                let answers = try list.json([Answer].self)
                #expect(answers.count == 200 && answers.count { $0.smsSent == true } == 199)
                #expect(answers[7].smsSent == false)
                #expect(try story.messages().count == 200)
            }
        }

        @Test func aLinkGoesToTheNumberAsATextMessageAndStandsWhenItCannot() async throws {
            try await Story.run { story in
                let client = story.client
                func invite(_ number: String) async throws -> TestResponse {
                    try await client.submit(
                        "/parent/school/invite", as: TestPersons.principal,
                        Self.form + [("mobile_number", number), ("send_sms", "yes")])
                }
                let bare = try await invite("")
                #expect(bare.status == .unprocessableContent && bare.text.contains("发送短信须填写手机号码"))
                #expect(try story.messages().isEmpty)
                let sent = try await invite(Story.number)
                try #require(sent.status == .created, "\(sent.text)")
                #expect(sent.text.contains("邀请链接已发送短信"))
                let message = try #require(try story.messages().last)
                let link = String(try #require(message.firstMatch(of: #/\/parent\/invitation\/[A-Za-z0-9_-]{43}/#)).0)
                #expect(sent.text.contains(link) && message.contains("+8613800138000"))
                #expect(try await client.page(link).status == .ok)
                // Eight messages a day for a number: the ninth is not sent, and the invitation stands.
                for _ in 0..<7 { _ = try await invite(Story.number) }
                let ninth = try await invite(Story.number)
                #expect(ninth.status == .created && ninth.text.contains("短信未能发出"))
                #expect(try story.messages().count == 8)
            }
        }
    }
}
