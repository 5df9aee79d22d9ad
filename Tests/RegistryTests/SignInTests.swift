import Access
import Calendar
import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import Journal
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import RegistryService

struct SignInTests {
    private static let password = SignInBench.password

    private func withOfficer(_ body: @Sendable @escaping (ServiceClient) async throws -> Void) async throws {
        try await SignInBench.withOfficers(body)
    }

    private func cookies(_ response: TestResponse) -> [String: String] { SignInBench.cookies(response) }

    private func signIn(
        _ client: ServiceClient, login: String = "heshan.one", password: String = password, back: String = ""
    ) async throws -> TestResponse {
        try await SignInBench.signIn(client, login: login, password: password, back: back)
    }

    /// Art 11: every service learns of missing training from the token; a recorded training is in the next one.
    @Test func theTokenSaysThatTrainingIsMissing() async throws {
        try await withOfficer { client in
            let jwks = try await client.get("/registry/jwks.json")
            let verifier = TokenVerifier(
                source: StaticJWKS(json: Array(jwks.body.readableBytesView)), clock: client.clock)
            func training() async throws -> TrainingShortfall? {
                let jar = cookies(try await signIn(client))
                return try await verifier.verify(try #require(jar["bk_token"])).training
            }
            #expect(try await training() == .warned)
            let day = LocalDate(client.clock.now())
            try await client.pool.execute(
                """
                INSERT INTO training_session (code, title, audience, organ_id, held_on, hours)
                SELECT 'PX-9', '线上巡查', 'regulators', id, \(day.adding(days: -364)), 4 FROM organ LIMIT 1
                """)
            try await client.pool.execute(
                """
                INSERT INTO training_attendance (session_code, person_id)
                SELECT 'PX-9', person_id FROM person_identity WHERE login = 'heshan.one'
                """)
            #expect(try await training() == nil)
            client.clock.advance(by: .seconds(2 * 86_400))
            #expect(try await training() == .warned)
        }
    }

    @Test func aBrowserSignsInAndOut() async throws {
        try await withOfficer { client in
            #expect(try await client.page("/registry/login").status == .ok)
            let answer = try await signIn(client)
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location] == "/patrol/")
            let jar = cookies(answer)
            let token = try #require(jar["bk_token"])
            let session = try #require(jar["bk_session"])
            #expect(session.utf8.count == 43)
            #expect(jar["bk_signed_in"] == "1")
            for header in answer.headers[values: .setCookie] {
                #expect(header.contains("HttpOnly") && header.contains("SameSite=Strict"), "\(header)")
            }
            let stored = try await client.pool.query("SELECT token_hash FROM session") { row -> [UInt8] in
                try row["token_hash"]
            }
            #expect(stored.count == 1 && stored[0] != Array(session.utf8))
            // The published key verifies the token.
            let jwks = try await client.get("/registry/jwks.json")
            let verifier = TokenVerifier(
                source: StaticJWKS(json: Array(jwks.body.readableBytesView)), clock: client.clock)
            let principal = try await verifier.verify(token)
            #expect(principal.role == .countyRegulator)
            #expect(principal.divisionCode == "440784")
            #expect(principal.organLevel == .county)

            let out = try await client.submit("/registry/logout", cookies: ["bk_session": session], [])
            #expect(out.status == .seeOther)
            #expect(cookies(out)["bk_token"] == "")
            let renewed = try await client.page("/registry/session/renew", cookies: ["bk_session": session])
            #expect(renewed.headers[.location] == "/registry/login")
            let log = try await RegistryTest.eventCounts(client)
            #expect(log["brightkitchen.registry.account.signed-in.v1"] == 1)
            #expect(log["brightkitchen.registry.account.signed-out.v1"] == 1)
        }
    }

    @Test(arguments: [
        ("/registry/canteens?q=%E9%9B%85", "/registry/canteens?q=%E9%9B%85"), ("https://evil.example/", "/patrol/"),
        ("//evil.example/", "/patrol/"), ("/\\evil.example", "/patrol/"), ("/registry/login", "/patrol/"),
        ("", "/patrol/"),
    ])
    func whereSigningInLeads(_ back: String, _ place: String) async throws {
        try await withOfficer { client in
            let answer = try await signIn(client, back: back)
            #expect(answer.headers[.location] == place)
        }
    }

    @Test func bureausLandOnTheirBulletins() async throws {
        try await withOfficer { client in
            let answer = try await signIn(client, login: "city.edu")
            #expect(answer.headers[.location] == "/notification/bulletins")
        }
    }

    @Test func aFormWithoutTokenIsRefused() async throws {
        try await withOfficer { client in
            let answer = try await client.send(
                .post, "/registry/login", headers: [.contentType: "application/x-www-form-urlencoded"],
                body: Array("login=heshan.one&password=correct+horse+battery".utf8))
            #expect(answer.status == .forbidden)
        }
    }

    @Test func wrongPasswordUnknownLoginAndEndedAppointmentAnswerAlike() async throws {
        try await withOfficer { client in
            let wrong = try await signIn(client, password: "not the password")
            let unknown = try await signIn(client, login: "nobody.here", password: "not the password")
            client.clock.set(Instant(rfc3339: "2027-01-01T00:00:00+08:00") ?? client.clock.now())
            let ended = try await signIn(client)
            for answer in [wrong, unknown, ended] {
                #expect(answer.status == .unauthorized)
                #expect(answer.text.contains("登录名或密码不正确"))
                #expect(cookies(answer)["bk_token"] == nil)
            }
            client.clock.set(Instant(rfc3339: "2026-12-31T23:59:59+08:00") ?? client.clock.now())
            #expect(try await signIn(client).status == .seeOther)
        }
    }

    @Test(arguments: ["heshan.one", "nobody.here"])
    func fiveFailuresLockALoginForAQuarterOfAnHour(_ login: String) async throws {
        try await withOfficer { client in
            for _ in 0..<5 {
                #expect(try await signIn(client, login: login, password: "wrong").status == .unauthorized)
            }
            // Locked for known and unknown logins alike, also with the right password.
            let locked = try await signIn(client, login: login)
            #expect(locked.status == .tooManyRequests)
            #expect(locked.headers[.retryAfter] == "900")
            client.clock.advance(by: .seconds(899))
            #expect(try await signIn(client, login: login).status == .tooManyRequests)
            client.clock.advance(by: .seconds(1))
            #expect(
                try await signIn(client, login: login).status == (login == "heshan.one" ? .seeOther : .unauthorized))
        }
    }

    @Test func successStartsTheCountAgain() async throws {
        try await withOfficer { client in
            for _ in 0..<3 {
                for _ in 0..<4 { _ = try await signIn(client, password: "wrong") }
                #expect(try await signIn(client).status == .seeOther)
            }
        }
    }

    @Test func parallelGuessesDoNotSlipPast() async throws {
        try await withOfficer { client in
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 0..<20 { group.addTask { try await signIn(client, password: "wrong").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == .unauthorized }.count == 5)
            #expect(statuses.filter { $0 == .tooManyRequests }.count == 15)
        }
    }

    @Test func anAddressThatTriesManyLoginsIsBlocked() async throws {
        try await withOfficer { client in
            for number in 0..<30 {
                let answer = try await signIn(client, login: "login.\(number)", password: "wrong")
                #expect(answer.status == .unauthorized)
            }
            let blocked = try await signIn(client)
            #expect(blocked.status == .tooManyRequests)
        }
    }

    @Test func aSessionRenewsTheTokenUntilItIsIdleOrOld() async throws {
        try await withOfficer { client in
            let session = try #require(cookies(try await signIn(client))["bk_session"])
            func renew(_ headers: [String: String] = [:]) async throws -> TestResponse {
                try await client.send(
                    .post, "/registry/session/renew", headers: [.cookie: "bk_session=\(session)"])
            }
            let page = try await client.page(
                "/registry/session/renew?return=/registry/canteens", cookies: ["bk_session": session])
            #expect(page.headers[.location] == "/registry/canteens")
            #expect(cookies(page)["bk_token"]?.isEmpty == false)
            client.clock.advance(by: .seconds(29 * 60))
            #expect(try await renew().status == .noContent)
            client.clock.advance(by: .seconds(30 * 60))
            let idle = try await renew()
            #expect(idle.status == .unauthorized)
            #expect(cookies(idle)["bk_signed_in"] == "")

            let second = try #require(cookies(try await signIn(client))["bk_session"])
            var renewals = 0
            while try await client.send(
                .post, "/registry/session/renew", headers: [.cookie: "bk_session=\(second)"]
            ).status == .noContent {
                renewals += 1
                client.clock.advance(by: .seconds(20 * 60))
            }
            // 12 hours at 20 minutes: the first at once, the last after 11 h 40 min.
            #expect(renewals == 36)
        }
    }

    @Test func dismissalEndsRenewal() async throws {
        try await withOfficer { client in
            let session = try #require(cookies(try await signIn(client))["bk_session"])
            try await client.pool.execute("UPDATE appointment SET valid_to = '2026-11-22'")
            let answer = try await client.page("/registry/session/renew", cookies: ["bk_session": session])
            #expect(answer.headers[.location] == "/registry/login")
        }
    }

    @Test func programsGetTokens() async throws {
        try await withOfficer { client in
            struct Answer: Decodable {
                let token: String
                let tokenType: String
                let expiresIn: Int
                let role: String
            }
            let code = try await SignInBench.nextCode(client, "heshan.one")
            let answer = try await client.post(
                "/registry/v1/tokens", json: ["login": "heshan.one", "password": Self.password, "code": code])
            #expect(answer.status == .ok)
            let token = try answer.json(Answer.self)
            #expect(token.tokenType == "Bearer" && token.expiresIn == 900 && token.role == "county_regulator")
            #expect(answer.headers[values: .setCookie].isEmpty)
            let wrong = try await client.post("/registry/v1/tokens", json: ["login": "heshan.one", "password": "x"])
            #expect(wrong.status == .unauthorized)
            #expect(wrong.problemCode == "wrong_credentials")
            #expect(try await client.post("/registry/v1/tokens", json: ["login": "x"]).problemCode == "missing")
        }
    }
}
