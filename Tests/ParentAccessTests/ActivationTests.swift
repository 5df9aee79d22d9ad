import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import ParentAccessService

extension WithDatabase {
    /// An account is activated with a number that its holder has proven (art 12).
    @Suite struct ActivationTests {
        @Test func withoutTheCodeThereIsNoAccount() async throws {
            try await Story.run { story in
                let invited = try await story.invite()
                let early = try await story.answer(invited, code: "123456")
                #expect(early.status == .unprocessableContent && early.text.contains("验证码不正确"))
                let sent = try await story.client.submit("\(invited.path)/code", [("mobile_number", Story.number)])
                #expect(sent.status == .ok && sent.text.contains("one-time-code"))
                let code = try story.lastCode()
                #expect(try story.messages().count == 1 && story.messages()[0].contains("+8613800138000"))
                // The code belongs to the number that it was sent to.
                let other = try await story.answer(invited, code: code, number: "13900139000")
                #expect(other.status == .unprocessableContent)
                #expect(try await story.answer(invited, code: code).status == .ok)
                let data = try await story.client.pool.query(
                    "SELECT verified_at IS NOT NULL AS ok FROM representative_person"
                ) { row -> Bool in try row["ok"] }
                #expect(data == [true])
            }
        }

        @Test func aCodeIsGuessedFiveTimesAndLivesFiveMinutes() async throws {
            try await Story.run { story in
                let invited = try await story.invite()
                let path = "\(invited.path)/code"
                try #require(try await story.client.submit(path, [("mobile_number", Story.number)]).status == .ok)
                let code = try story.lastCode()
                let wrong = code == "000000" ? "000001" : "000000"
                for _ in 0..<5 {
                    #expect(try await story.answer(invited, code: wrong).status == .unprocessableContent)
                }
                #expect(try await story.answer(invited, code: code).status == .unprocessableContent)
                #expect(
                    try await story.client.submit(path, [("mobile_number", Story.number)]).status == .tooManyRequests)
                story.client.clock.advance(by: .seconds(61))
                try #require(try await story.client.submit(path, [("mobile_number", Story.number)]).status == .ok)
                let second = try story.lastCode()
                story.client.clock.advance(by: .seconds(300))
                #expect(try await story.answer(invited, code: second).status == .unprocessableContent)
            }
        }

        @Test func messagesAreLimitedForAnInvitationAndForANumber() async throws {
            try await Story.run { story in
                let invited = try await story.invite()
                for _ in 0..<5 {
                    let sent = try await story.client.submit("\(invited.path)/code", [("mobile_number", Story.number)])
                    #expect(sent.status == .ok)
                    story.client.clock.advance(by: .seconds(61))
                }
                let sixth = try await story.client.submit("\(invited.path)/code", [("mobile_number", Story.number)])
                #expect(sixth.status == .tooManyRequests && sixth.headers[.retryAfter] != nil)
                var answers: [Int] = []
                for _ in 0..<4 {
                    let next = try await story.invite()
                    let sent = try await story.client.submit("\(next.path)/code", [("mobile_number", Story.number)])
                    answers.append(sent.status.code)
                }
                // Eight a day to one number, the refused sixth counted.
                #expect(answers == [200, 200, 429, 429])
            }
        }

        @Test func aPassedOnLinkIsOfNoUseWithAnotherNumber() async throws {
            try await Story.run { story in
                let form: [(String, String)] = [
                    ("label", "家委会 5 号"), ("mobile_number", "13900139000"), ("zones", "Z3"), ("from_1_0", "08:00"),
                    ("to_1_0", "13:00"), ("valid_from", "2026-11-01"), ("valid_to", "2027-07-31"),
                ]
                let page = try await story.client.submit("/parent/school/invite", as: TestPersons.principal, form)
                #expect(page.status == .created)
                let path = String(
                    try #require(page.text.firstMatch(of: #/\/parent\/invitation\/[A-Za-z0-9_-]{43}/#)).0)
                let stranger = try await story.client.submit("\(path)/code", [("mobile_number", Story.number)])
                #expect(stranger.status == .unprocessableContent && !stranger.text.contains("13900139000"))
                #expect(try story.messages().isEmpty)
                #expect(try await story.client.submit("\(path)/code", [("mobile_number", "13900139000")]).status == .ok)
            }
        }

        /// Two children in two schools: one person, one number, two accounts.
        @Test func oneNumberMayBelongToAccountsOfTwoSchools() async throws {
            try await Story.run { story in
                let first = try await story.invite()
                #expect(try await story.accept(first).status == .ok)
                let answer = try await story.client.post(
                    "/parent/v1/representatives", as: TestPersons.otherPrincipal,
                    json: Story.wish(cameras: [Story.foreignCamera]))
                let second: Story.Invited = try answer.json()
                #expect(try await story.accept(second, password: "另一个很长很长的口令也行").status == .ok)
                let cookie = try await story.logIn(second.accountNumber, password: "另一个很长很长的口令也行")
                #expect(try await story.open(Story.foreignCamera, cookie: cookie).status == .seeOther)
                #expect(try await story.open(Story.camera, cookie: cookie).status == .notFound)
            }
        }

        @Test func aForgottenPasswordIsReplacedByANewInvitation() async throws {
            try await Story.run { story in
                let (invited, cookie) = try await story.representative()
                let playlist = try await story.watch(cookie: cookie)
                let renewed = try await story.client.post(
                    "/parent/v1/representatives/\(invited.representativeId)/invitation", as: TestPersons.principal,
                    json: [String: String]())
                let token = try #require(renewed.text.firstMatch(of: #/invitation\/([A-Za-z0-9_-]{43})/#)).1
                let path = "/parent/invitation/\(token)"
                try #require(
                    try await story.client.submit("\(path)/code", [("mobile_number", Story.number)]).status == .ok)
                let answer = try await story.client.submit(
                    path,
                    [
                        ("mobile_number", Story.number), ("code", try story.lastCode()),
                        ("password", "全新的一句非常非常长的口令"), ("password_again", "全新的一句非常非常长的口令"),
                        ("consent", Consent.currentVersion),
                    ])
                #expect(answer.status == .ok, "\(answer.text)")
                #expect([401, 403].contains(try await story.authorize(playlist, cookie: cookie).status))
                _ = try await story.logIn(invited.accountNumber, password: "全新的一句非常非常长的口令")
                let old = try await story.client.submit(
                    "/parent/login", [("account", invited.accountNumber), ("password", Story.password)])
                #expect(old.status == .unauthorized)
            }
        }

        @Test func newTermsAreAcceptedBeforeAnythingIsWatched() async throws {
            try await Story.run { story in
                let (_, cookie) = try await story.representative()
                try await story.client.pool.execute("UPDATE representative SET consent_version = '2020-01'")
                try await story.service.refresher.refresh()
                let cookies = [CookieName.parent: cookie]
                let home = try await story.client.page("/parent/", cookies: cookies)
                #expect(home.status == .seeOther && home.headers[.location] == "/parent/consent")
                #expect(try await story.open(Story.camera, cookie: cookie).problemCode == "consent_missing")
                #expect(try await story.client.page("/parent/account", cookies: cookies).status == .ok)
                let accepted = try await story.client.submit(
                    "/parent/consent", cookies: cookies, [("consent", Consent.currentVersion)])
                #expect(accepted.status == .seeOther)
                #expect(try await story.open(Story.camera, cookie: cookie).status == .seeOther)
            }
        }
    }
}
