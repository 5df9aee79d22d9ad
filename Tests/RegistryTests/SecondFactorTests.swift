import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

/// Two factors, first passwords, sessions, and what a revoked token is worth.
struct SecondFactorTests {
    private func passwordOnly(_ client: ServiceClient) async throws -> [String: String] {
        let answer = try await client.submit(
            "/registry/login", [("login", "heshan.one"), ("password", SignInBench.password)])
        #expect(answer.headers[.location] == "/registry/login/code")
        let jar = SignInBench.cookies(answer)
        #expect(jar["bk_token"] == nil && jar["bk_session"] == nil)
        return jar
    }

    private func enter(_ code: String, _ jar: [String: String], _ client: ServiceClient) async throws -> TestResponse {
        try await client.submit("/registry/login/code", cookies: jar, [("code", code)])
    }

    @Test func theVectorsOfRFC6238() {
        let otp = OneTimePassword(secret: Array("12345678901234567890".utf8))
        for (seconds, code) in [
            (59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130"),
        ] as [(Int64, String)] {
            #expect(otp.code(step: seconds / 30) == code)
        }
        #expect(otp.base32 == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(OneTimePassword(base32: "gezd gnbv gy3t qojq gezd gnbv gy3t qojq")?.secret == otp.secret)
        #expect(OneTimePassword(base32: "GEZDGNBV1") == nil && OneTimePassword(base32: "GEZDGNBV") == nil)
    }

    @Test func aCodeIsGoodOnceAndOneStepAround() async throws {
        try await SignInBench.withOfficers { client in
            let step = OneTimePassword.step(at: client.clock.now())
            for wrong in [step - 2, step + 2] {
                let answer = try await enter(
                    SignInBench.otp.code(step: wrong), try await passwordOnly(client), client)
                #expect(answer.status == .unauthorized && answer.text.contains("验证码不正确"))
            }
            let jar = try await passwordOnly(client)
            let entered = try await enter(SignInBench.otp.code(step: step), jar, client)
            #expect(entered.headers[.location] == "/patrol/")
            #expect(SignInBench.cookies(entered)["bk_session"]?.utf8.count == 43)
            // The unfinished sign-in is used up; the code and older ones are, too.
            #expect(try await enter(SignInBench.otp.code(step: step + 1), jar, client).status == .seeOther)
            for replayed in [step, step - 1] {
                let answer = try await enter(
                    SignInBench.otp.code(step: replayed), try await passwordOnly(client), client)
                #expect(answer.status == .unauthorized)
            }
            let log = try await RegistryTest.eventCounts(client)
            #expect(log["brightkitchen.registry.account.signed-in.v1"] == 1)
            #expect(log["brightkitchen.registry.account.sign-in-code-refused.v1"] == 4)
        }
    }

    @Test func guessedCodesLockTheLoginAlthoughThePasswordIsRight() async throws {
        try await SignInBench.withOfficers { client in
            var statuses: [HTTPResponse.Status] = []
            for _ in 0..<6 {
                let first = try await client.submit(
                    "/registry/login", [("login", "heshan.one"), ("password", SignInBench.password)])
                guard first.status == .seeOther else {
                    statuses.append(first.status)
                    continue
                }
                statuses.append(try await enter("000000", SignInBench.cookies(first), client).status)
            }
            #expect(statuses.prefix(5).allSatisfy { $0 == .unauthorized })
            #expect(statuses.last == .tooManyRequests)
        }
    }

    @Test func aNewAccountSetsUpItsAuthenticatorAndReplacesTheFirstPassword() async throws {
        try await SignInBench.withOfficers { client in
            let path = try RegistryTest.file(["姓名,登录名,角色,机构,学校", "新,new.one,县级监管人员,鹤山市市场监督管理局,"])
            try await RegistryTest.importFiles(ImportFiles(staff: path), client)
            let person = try await SignInBench.person("new.one", client)
            let first = try await RegistryTest.quickHasher.hash("first password 1")
            let now = client.clock.now()
            try await client.pool.transaction {
                try await AccountStore.savePassword(first, of: person, at: now, mustChange: true, $0)
            }
            let program = try await client.post(
                "/registry/v1/tokens", json: ["login": "new.one", "password": "first password 1"])
            #expect(program.problemCode == "second_factor_not_enrolled")

            let begun = try await client.submit(
                "/registry/login", [("login", "new.one"), ("password", "first password 1")])
            #expect(begun.headers[.location] == "/registry/login/enrol")
            var jar = SignInBench.cookies(begun)
            let page = try await client.page("/registry/login/enrol", cookies: jar, language: "en")
            #expect(!page.text.contains("⟦"))
            let secret = try #require(page.text.firstMatch(of: /secret=([A-Z2-7]{32})/)).1
            let otp = try #require(OneTimePassword(base32: String(secret)))
            #expect(page.text.contains("data:image/svg+xml;base64,"), "a QR code for the telephone")
            let codes = try await client.submit(
                "/registry/login/enrol", cookies: jar,
                [("code", otp.code(step: OneTimePassword.step(at: client.clock.now())))])
            let recovery = codes.text.matches(of: /<code>([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})<\/code>/).map {
                String($0.1)
            }
            #expect(recovery.count == 10 && Set(recovery).count == 10)

            let onward = try await client.submit("/registry/login/continue", cookies: jar, [])
            #expect(onward.headers[.location] == "/registry/login/password")
            for (password, fault) in [
                ("first password 1", "最近 5 次"), ("short", "12"), ("p@ssw0rd20262026", "太常见"),
                ("xxnew.onexxyyzz", "登录名"),
            ] {
                let answer = try await client.submit(
                    "/registry/login/password", cookies: jar, [("password", password), ("repeat", password)])
                #expect(answer.status == .unprocessableContent && answer.text.contains(fault), "\(password)")
            }
            let entered = try await client.submit(
                "/registry/login/password", cookies: jar,
                [("password", "vier gute neue Worte"), ("repeat", "vier gute neue Worte")])
            #expect(entered.headers[.location] == "/patrol/")

            // A recovery code replaces the telephone, once.
            for expected in [HTTPResponse.Status.seeOther, .unauthorized] {
                let again = try await client.submit(
                    "/registry/login", [("login", "new.one"), ("password", "vier gute neue Worte")])
                jar = SignInBench.cookies(again)
                let answer = try await enter(recovery[0].lowercased(), jar, client)
                #expect(answer.status == expected)
            }
        }
    }

    @Test func passwordsAgeWhereTheOperatorSaysSo() {
        let now = ServiceTest<RegistryService>.monday
        let policy = PasswordPolicy(maximumAgeDays: 90)
        #expect(policy.isTooOld(now - .seconds(90 * 86_400), now: now))
        #expect(!policy.isTooOld(now - .seconds(90 * 86_400 - 1), now: now))
        #expect(!PasswordPolicy(maximumAgeDays: nil).isTooOld(now - .seconds(9_000 * 86_400), now: now))
    }

    @Test func aSessionBroughtAlongIsNotTheOneThatIsSignedIn() async throws {
        try await SignInBench.withOfficers { client in
            let former = try #require(SignInBench.cookies(try await SignInBench.signIn(client))["bk_session"])
            let planted = String(repeating: "A", count: 43)
            for brought in [planted, former] {
                let answer = try await SignInBench.signIn(client, cookies: ["bk_session": brought])
                let session = try #require(SignInBench.cookies(answer)["bk_session"])
                #expect(session != brought)
                let renewed = try await client.send(
                    .post, "/registry/session/renew", headers: [.cookie: "bk_session=\(brought)"])
                #expect(renewed.status == .unauthorized)
            }
        }
    }

    @Test func endingASessionVoidsItsTokenEverywhere() async throws {
        try await SignInBench.withOfficers { client in
            let kept = SignInBench.cookies(try await SignInBench.signIn(client))
            let lost = SignInBench.cookies(try await SignInBench.signIn(client))
            let jwks = try await client.get("/registry/jwks.json")
            let elsewhere = TokenVerifier(
                source: StaticJWKS(json: Array(jwks.body.readableBytesView)), clock: client.clock)
            let token = try #require(lost["bk_token"])
            let person = try await elsewhere.verify(token).personId
            let lostSession = try #require(lost["bk_session"])
            let sid = try #require(try await SessionStore.sid(of: lostSession, client.pool))

            let me = try await SignInBench.principal("heshan.one", client)
            let page = try await client.page(
                "/registry/account", as: me, cookies: ["bk_session": kept["bk_session"] ?? ""])
            #expect(page.status == .ok && page.text.contains(sid) && page.text.contains("本次"))
            let other = try await SignInBench.principal("city.edu", client)
            let foreign = try await client.submit("/registry/account/sessions/\(sid)/end", as: other, [])
            #expect(foreign.status == .notFound)
            let ended = try await client.submit("/registry/account/sessions/\(sid)/end", as: me, [])
            #expect(ended.status == .seeOther)

            let document = try await client.get("/internal/revocations")
            elsewhere.revoke(try Revocations(json: Array(document.body.readableBytesView)))
            await #expect(throws: TokenError.revoked) { try await elsewhere.verify(token) }
            let keptToken = try #require(kept["bk_token"])
            let own = try await elsewhere.verify(keptToken)
            #expect(own.personId == person)
        }
    }

    @Test func aMoveEndsTheOldRightsAtOnce() async throws {
        try await SignInBench.withOfficers { client in
            let jar = SignInBench.cookies(try await SignInBench.signIn(client))
            let moved = try RegistryTest.file([
                "姓名,登录名,角色,机构,学校,任职日期,离任日期", "甲,heshan.one,县级监管人员,开平市市场监督管理局,,2026-11-23,",
            ])
            try await RegistryTest.importFiles(ImportFiles(staff: moved), client)
            let renewed = try await client.send(
                .post, "/registry/session/renew", headers: [.cookie: "bk_session=\(jar["bk_session"] ?? "")"])
            #expect(renewed.status == .unauthorized)
            let revoked = try await RevocationStore.current(client.pool)
            let person = try await SignInBench.person("heshan.one", client)
            #expect(revoked.issuedUntil[person.rawValue] == client.clock.now().microseconds / 1_000_000)
        }
    }

    @Test func aTokenEndsWithTheAppointment() async throws {
        try await SignInBench.withOfficers { client in
            client.clock.set(
                LocalDate(daysSinceEpoch: LocalDate(client.clock.now()).daysSinceEpoch + 39).start - .seconds(300))
            let jar = SignInBench.cookies(try await SignInBench.signIn(client))
            let jwks = try await client.get("/registry/jwks.json")
            let verifier = TokenVerifier(
                source: StaticJWKS(json: Array(jwks.body.readableBytesView)), clock: client.clock)
            let token = try #require(jar["bk_token"])
            #expect(try await verifier.verify(token).role == .countyRegulator)
            client.clock.advance(by: .seconds(300))
            await #expect(throws: TokenError.expired) { try await verifier.verify(token) }
        }
    }

    @Test func nobodyHoldsTwoOfTheThree() async throws {
        try await SignInBench.withOfficers { client in
            for line in [
                // Another account of the same person, the same account in another role, an administrator in business.
                "丙,sec.again,审计管理员,,", "己,audit.one,安全管理员,,", "己,audit.one,县级监管人员,鹤山市市场监督管理局,",
                "甲,heshan.one,系统管理员,,",
            ] {
                let path = try RegistryTest.file(["姓名,登录名,角色,机构,学校", line])
                let report = try await RegistryTest.importFiles(ImportFiles(staff: path), client)
                #expect(report.files[0].faults.map(\.code) == [.separatedDuties], "\(line)")
            }
        }
    }

    @Test func whatWasNoAttemptIsNotCounted() async throws {
        try await SignInBench.withOfficers { client in
            let now = client.clock.now()
            for _ in 0..<50 {
                let login = SignInFailures.Subject.login("heshan.one")
                let until = try await SignInFailures.count(login, now: now, client.pool)
                #expect(until == nil)
                try await SignInFailures.forgive(login: "heshan.one", address: "internal", client.pool)
            }
            #expect(try await SignInBench.signIn(client).status == .seeOther)
        }
    }

    @Test func changingThePasswordNeedsTheOldOneAndEndsOtherSessions() async throws {
        try await SignInBench.withOfficers { client in
            let here = SignInBench.cookies(try await SignInBench.signIn(client))
            let there = SignInBench.cookies(try await SignInBench.signIn(client))
            let me = try await SignInBench.principal("heshan.one", client)
            func change(_ current: String) async throws -> TestResponse {
                try await client.submit(
                    "/registry/account/password", as: me, cookies: ["bk_session": here["bk_session"] ?? ""],
                    [("current", current), ("password", "vier gute neue Worte"), ("repeat", "vier gute neue Worte")])
            }
            #expect(try await change("wrong").status == .unprocessableContent)
            #expect(try await change(SignInBench.password).status == .seeOther)
            for (jar, status) in [(here, HTTPResponse.Status.noContent), (there, .unauthorized)] {
                let renewed = try await client.send(
                    .post, "/registry/session/renew", headers: [.cookie: "bk_session=\(jar["bk_session"] ?? "")"])
                #expect(renewed.status == status)
            }
            #expect(try await SignInBench.signIn(client, password: SignInBench.password).status == .unauthorized)
        }
    }
}
